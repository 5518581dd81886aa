import { describe, expect, test } from 'vitest';
import { en } from './en';
import { inChinese } from './server-words';
import { zhExplain } from './zh-explain';

const sources = import.meta.glob<string>(['../../../GeoSanitation.Server/Hotspots/*.cs', '../../../GeoSanitation.Hotspots/**/*.cs'], { query: '?raw', import: 'default', eager: true });

/** Where the server says something of a result; what is declared says nothing. */
const said = /\.(?:Warn|Chosen)\(|new Choice\(|Reason = \w+\.Reason \+ |UndefinedReason\.\w+ => |return \(Fixed\(setting\)|return box\.IsNull/g;

/** The texts in quotes from a place in C# up to the end of the call or statement, each in every way in which its conditions may turn out; what is filled in is a 7. */
function textsFrom(source: string, at: number): string[][] {
  const texts: string[][] = [];
  for (let depth = 0; at < source.length; at++) {
    const character = source[at]!;
    if (character === '"' || (character === '$' && source[at + 1] === '"')) {
      const text = textAt(source, at);
      texts.push(text.ways);
      at = text.end;
    } else if ('([{'.includes(character)) {
      depth++;
    } else if (')]}'.includes(character) && --depth < 0) {
      break;
    } else if (';,'.includes(character) && depth === 0 && (character === ';' || source[at + 1] === '\n')) {
      break;
    }
  }
  return texts;
}

/** A text in quotes, which begins here, and where its last quote is. */
function textAt(source: string, at: number): { ways: string[]; end: number } {
  const filled = source[at] === '$';
  let ways = [''];
  const add = (ends: string[]): string[] => (ways = ways.flatMap((way) => ends.map((end) => way + end)));
  for (at += filled ? 2 : 1; source[at] !== '"'; at++) {
    if (source[at] === '\\') {
      add([source[++at]!]);
    } else if (filled && source[at] === '{') {
      const inside = textsFrom(source, at + 1).flat();
      add(inside.length > 0 ? inside : ['7']);
      at = endOf(source, at + 1);
    } else {
      add([source[at]!]);
    }
  }
  return { ways, end: at };
}

/** Where the brace closes that was opened before this place. */
function endOf(source: string, at: number): number {
  for (let depth = 0; ; at++) {
    if (source[at] === '"' || (source[at] === '$' && source[at + 1] === '"')) {
      at = textAt(source, at).end;
    } else if (source[at] === '{') {
      depth++;
    } else if (source[at] === '}' && --depth < 0) {
      return at;
    }
  }
}

describe('what the server says of results', () => {
  const places = Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(said)].map((match) => {
      const texts = textsFrom(source, match.index + match[0].length).flat();
      return {
        file,
        match: match[0],
        line: source.slice(match.index).split('\n', 1)[0],
        sentences: texts.filter((text) => text.trim().includes(' ')),
        rules: texts.filter((text) => /^[a-z-]+$/.test(text)),
      };
    }),
  );

  /** All that may be said at a place; what is added to a reason is said behind each of its file. */
  const all = places.flatMap(({ file, match, sentences }) =>
    match.startsWith('Reason = ') ? sentences.flatMap((more) => places.filter((place) => place.file === file && place.match === 'new Choice(').flatMap((place) => place.sentences.map((first) => first + more))) : sentences,
  );

  test('is found in its source', () => {
    expect(places.length).toBeGreaterThan(40);
    expect(places.filter(({ sentences, match }) => sentences.length === 0 && match !== 'UndefinedReason.None => ').map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
  });

  test('has Chinese words', () => {
    expect(all.filter((text) => inChinese(text, zhExplain) === null)).toEqual([]);
    // Nothing that was said is taken for a value.
    expect(all.map((text) => inChinese(text, zhExplain)).filter((text) => /[a-z]{3,} [a-z]{3,}/i.test(text ?? ''))).toEqual([]);
  });

  test('has words for each parameter and each rule by which one is chosen', () => {
    const parameters = Object.values(sources).flatMap((source) => [...source.matchAll(/explain\.(?:Parameter|Chosen)\("(\w+)"/g)].map((match) => match[1]!));
    expect(parameters.length).toBeGreaterThan(25);
    expect(parameters.filter((name) => !(`parameter.${name}` in en))).toEqual([]);
    const rules = places.filter(({ match }) => match !== '.Warn(').map(({ rules: [...all] }) => all.at(-1));
    expect(rules.filter((rule) => rule !== undefined && !(`rule.${rule}` in en))).toEqual([]);
  });

  test('is filled with the same values', () => {
    expect(inChinese('No statistic is defined for 12 cells: all cells have the same value.', zhExplain)).toBe('12 个网格没有统计量：所有网格的值相同。');
    expect(inChinese("Moran's I has its first peak here, z = 7.1, over 12 distances of 250.5 m.", zhExplain)).toBe('在间隔 250.5 米的 12 个距离中，莫兰指数在此首次达到峰值，z = 7.1。');
    expect(inChinese('Only 3 steps: patterns over fewer than 10 tell little, and no trend is significant.', zhExplain)).toBe('仅有 3 个时段：少于 10 个时段的变化类型参考价值有限，也不可能有显著趋势。');
    for (const [english, chinese] of Object.entries(zhExplain)) {
      const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((name) => name[1]!).sort();
      expect(names(chinese), english).toEqual(names(english));
    }
  });
});
