/** In which system positions come: WGS 84 as GPS gives them, or GCJ-02 as apps in mainland China shift them by 300 to 600 m. */
export type Datum = 'WGS84' | 'GCJ02';

/**
 * What the address says (`crs=GCJ02`), or what is usual for the app that shows the page: WeChat, AMap and Alipay give positions in GCJ-02.
 * @param search Query of the address.
 * @param userAgent What the browser says of itself.
 */
export function datumOf(search: string, userAgent: string): { datum: Datum; because: 'address' | 'app' | 'usual' } {
  const asked = new URLSearchParams(search).get('crs');
  if (asked !== null) {
    return { datum: /^(epsg:)?gcj-?02$/i.test(asked) ? 'GCJ02' : 'WGS84', because: 'address' };
  }
  return /MicroMessenger|AMap|Amap|AlipayClient/.test(userAgent) ? { datum: 'GCJ02', because: 'app' } : { datum: 'WGS84', because: 'usual' };
}
