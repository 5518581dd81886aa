/** Meters on the ground to a pixel of a web mercator map whose tiles are 512 pixels wide. */
export function metersPerPixel(latDegrees: number, zoom: number): number {
  return (40_075_016.686 * Math.cos((latDegrees * Math.PI) / 180)) / (512 * 2 ** zoom);
}

/** The longest of 1, 2, 5, 10 ... meters that is no longer than this. */
export function roundLength(mostMeters: number): number {
  const power = 10 ** Math.floor(Math.log10(mostMeters));
  return power * ([5, 2].find((step) => step * power <= mostMeters) ?? 1);
}
