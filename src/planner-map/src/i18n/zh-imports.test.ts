import { describe, expect, test } from 'vitest';
import { inChinese } from './server-words';
import { zhImports } from './zh-imports';

const sources = import.meta.glob<string>('../../../GeoSanitation.Server/Imports/**/*.cs', { query: '?raw', import: 'default', eager: true });

/** These say nothing to the page: descriptions of the API, and analyses of files on the command line. */
const elsewhere = ['ImportEndpoints.cs', 'ImportUpload.cs', 'ImportBody.cs', 'FileIssues.cs', 'FileSnapshot.cs', 'FileWards.cs', 'SampleCounty.cs', 'ImportJobs.cs', 'ImportPreview.cs', 'Responsibilities.cs'];

/** Of parameters: what is allowed, a name, a part of a statement. */
const noSentence = /^(a known system|an IANA name|a JSON object|one of VALUE|time of the report|a text for VALUE|a column name,|column, value,|an object with|table that is missing)/;

/** Sentences of a C# source in quotes, each with something in place of what is filled in. */
function sentencesOf(source: string): string[] {
  const lines = source.split('\n').filter((line) => !/^\s*\/\//.test(line) && !/Exception\((nameof|\$?"[A-Z])/.test(line));
  const texts = [...lines.join('\n').matchAll(/\$"((?:\{(?:[^{}"]|"[^"]*"|\{[^{}]*\})*\}|\{\{|\}\}|\\.|[^"{\\])*)"|"((?:\\.|[^"\\\n])*)"/g)].map((match) => match[1] ?? match[2]!);
  return texts
    .map((text) => text.replace(/\{\{.*?\}\}/g, 'HINT').replace(/\{(?:[^{}"]|"[^"]*")*\}/g, 'VALUE').replace(/\\"/g, '"'))
    .filter((text) => /^[a-zV]/.test(text) && text.split(' ').length >= 4 && !noSentence.test(text));
}

describe('what the server says of imports', () => {
  const files = Object.keys(sources).filter((file) => !elsewhere.includes(file.split('/').at(-1)!));
  const sentences = files.flatMap((file) => sentencesOf(sources[file]!));

  test('is found in its source', () => {
    expect(sentences.length).toBeGreaterThan(80);
  });

  test('has Chinese words', () => {
    // Ends of sentences that begin elsewhere.
    const whole = sentences.map((text) => (/^(name a parent|lie in no|had invalid|have codes)/.test(text) ? `3 of the polygons ${text}: a, b` : text));
    const said = whole.map((text) => (text.startsWith('the points look like') ? `5 % of the points in China are outside every ward, but only 1 % when moved by the GCJ-02 shift: ${text}` : text));
    expect(said.filter((text) => inChinese(text, zhImports) === null && !text.endsWith('shift: VALUE') && !text.startsWith('VALUE of the polygons VALUE'))).toEqual([]);
  });

  test('is filled with the same values', () => {
    expect(inChinese('the row has 4 fields, the header 6', zhImports)).toBe('此行有 4 个字段，表头有 6 个');
    expect(inChinese('the header in line 1 cannot be read: a quote is not closed', zhImports)).toBe('第 1 行的表头无法读取：引号没有闭合');
    expect(inChinese('something new', zhImports)).toBeNull();
    for (const [english, chinese] of Object.entries(zhImports)) {
      const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((name) => name[1]!).sort();
      expect(names(chinese), english).toEqual(names(english));
    }
  });
});
