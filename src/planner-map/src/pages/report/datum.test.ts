import { expect, test } from 'vitest';
import { datumOf } from './datum';

const weChat = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50';
const chrome = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36';

test('the app says in which system its positions are, and the address knows better', () => {
  expect(datumOf('', chrome)).toEqual({ datum: 'WGS84', because: 'usual' });
  expect(datumOf('', weChat)).toEqual({ datum: 'GCJ02', because: 'app' });
  expect(datumOf('', `${chrome} AMap/13.10`)).toEqual({ datum: 'GCJ02', because: 'app' });
  expect(datumOf('?crs=gcj02', chrome)).toEqual({ datum: 'GCJ02', because: 'address' });
  expect(datumOf('?crs=WGS84', weChat)).toEqual({ datum: 'WGS84', because: 'address' });
});
