import { afterEach, describe, expect, test } from 'vitest';
import { chosenLanguage } from '../view';
import { inChinese, refusalInWords } from './server-words';
import { zhRefusals } from './zh-refusals';

const sources = import.meta.glob<string>(
  [
    '../../../GeoSanitation.Server/{Issues,Hotspots,Scorecards,Parameters}/*.cs',
    '../../../GeoSanitation.Server/Security/AccessMiddleware.cs',
    '../../../GeoSanitation.Server/Filters/IssueFilterQuery.cs',
    '../../../GeoSanitation.Server/GeoJson/JsonBody.cs',
    '../../../GeoSanitation.Server/Imports/{ImportEndpoints,ImportUpload,ImportBody}.cs',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** Said to those who write programs or settings, of what no page asks for; or forms, which are tried by themselves. */
const elsewhere = /Exception\((\$"City:|\$?"analysis\.crs|\$"\{action\}|\$"there is no|$|"type")|\$"issue \{issue\.Id\} is|OperationException/;

/** What a C# source says when it refuses: the last text of each exception, with something in place of what is filled in. */
function refusalsOf(source: string): string[] {
  const code = source.split('\n').filter((line) => !/^\s*\/\//.test(line)).join('\n');
  return [...code.matchAll(/new (?:BadParameter|BadHttpRequest|NoKey|Conflict|Stale|Busy)Exception\([\s\S]*?\)(?=;|,\n|\n|\s:)/g)]
    .map(([call]) => call)
    .filter((call) => !elsewhere.test(call))
    .flatMap((call) => [...call.matchAll(/\$"((?:\{(?:[^{}"]|"[^"]*"|\{[^{}]*\})*\}|\{\{|\}\}|\\.|[^"{\\])*)"|"((?:\\.|[^"\\\n])*)"/g)].slice(-1))
    .map((match) => (match[1] ?? match[2]!).replace(/\{(?:[^{}"]|"[^"]*"|\{[^{}]*\})*\}/g, '7').replace(/\\"/g, '"'));
}

describe('what the server says when it refuses', () => {
  afterEach(() => {
    chosenLanguage.value = null;
  });

  test('has Chinese words', () => {
    const said = Object.values(sources).flatMap(refusalsOf).filter((text) => text.split(' ').length >= 3);
    expect(said.length).toBeGreaterThan(40);
    expect([...new Set(said)].filter((text) => inChinese(text, zhRefusals) === null)).toEqual([]);
  });

  test.each([
    ['severity was 9; it must be a whole number from 1 to 5, or a range such as 3..5', '严重程度为“9”；要求：1 至 5 的整数，或 3..5 这样的范围'],
    ['properties.category was x; it must be the code of a category; /api/categories lists them', '类别为“x”；要求：已有的类别代码'],
    ['note is missing; it must be the reason of the rejection', '缺少说明；要求：不予受理的理由'],
    ['there is no issue 12', '没有编号为 12 的问题'],
    ['moving an issue to closed takes a key of role inspector or role administrator; this one is of role handler', '将问题转为已结案需要督查员或管理员的密钥，此密钥属于处置员'],
    ['issue 5 is reported and cannot become closed; it can become accepted or rejected', '问题 5 的状态为已上报，不能转为已结案；可以转为已立案或不予受理'],
    ['issue 5 is rejected and cannot become closed; it stays so', '问题 5 的状态为不予受理，不能转为已结案，也不再变化'],
    ['size is missing; it must be at least 40 meters here: 1000000 cells would be needed and at most 250000 are allowed', '缺少网格大小；要求：此处至少 40 米：否则需要 1000000 个网格，最多允许 250000 个'],
  ])('%s', (english, chinese) => {
    expect(inChinese(english, zhRefusals)).toBe(chinese);
  });

  test('is never half English', () => {
    chosenLanguage.value = 'zh';
    expect(refusalInWords({ status: 400, message: 'blorb was 3; it must be something new' })).toBe('代码 400');
    expect(refusalInWords({ status: 400, message: 'the file is empty' })).toBe('文件为空');
    chosenLanguage.value = 'en';
    expect(refusalInWords({ status: 400, message: 'blorb was 3; it must be something new' })).toBe('blorb was 3; it must be something new');
  });

  test('is filled with the same values', () => {
    for (const [english, chinese] of Object.entries(zhRefusals)) {
      const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((name) => name[1]!);
      expect(names(english), english).toEqual(expect.arrayContaining(names(chinese)));
    }
  });
});
