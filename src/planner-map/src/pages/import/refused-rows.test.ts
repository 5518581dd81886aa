import { afterEach, expect, test } from 'vitest';
import { chosenLanguage } from '../../view';
import { inPageLanguage } from './refused-rows';

const file = [
  'line,column,value,reason',
  '2,lat,95,a latitude lies between -90 and 90 degrees',
  '3,,,"the place is outside every ward"',
  '4,note,"one, ""two""\nthree",the text is longer than 2000 characters',
  '5,lat,-95,a latitude lies between -90 and 90 degrees',
  '6,x,y,"a reason, that nobody has words for"',
  '',
].join('\n');

afterEach(() => void (chosenLanguage.value = 'en'));

async function linesOf(blob: Blob): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await blob.arrayBuffer());
}

test('on an English page the file is as the server wrote it', async () => {
  chosenLanguage.value = 'en';
  const given = new Blob([file]);
  expect(await inPageLanguage(given)).toBe(given);
});

test('on a Chinese page header and reasons are Chinese, the rows what they were, and Excel is told that it is Unicode', async () => {
  chosenLanguage.value = 'zh';
  expect(await linesOf(await inPageLanguage(new Blob([file])))).toBe(
    '\uFEFF' +
      [
        '行,列,值,原因',
        '2,lat,95,纬度应在 -90 至 90 度之间',
        '3,,,位置不在任何辖区内',
        '4,note,"one, ""two""\nthree",文本超过 2000 个字符',
        '5,lat,-95,纬度应在 -90 至 90 度之间',
        '6,x,y,"a reason, that nobody has words for"',
        '',
      ].join('\n'),
  );
});

test('a file without rows is its header', async () => {
  chosenLanguage.value = 'zh';
  expect(await linesOf(await inPageLanguage(new Blob(['line,column,value,reason\n'])))).toBe('\uFEFF行,列,值,原因\n');
});
