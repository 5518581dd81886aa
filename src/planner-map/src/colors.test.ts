import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
const { paletteOf } = await import('./colors');

type Rgb = [number, number, number];

/** What is left of linear light for eyes without one kind of cone: Machado, Oliveira, Fernandes (2009), severity 1. */
const eyes: Record<string, readonly Rgb[]> = {
  'any eyes': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

/** Differences of 10 in CIE 1976 Lab are seen at a glance. */
const clearlyDifferent = 10;

describe.each([['light', false], ['dark', true]] as const)('on %s maps', (_, onDark) => {
  const palette = paletteOf(onDark);
  const sets: [string, readonly string[]][] = [
    ['patterns', Object.values(palette.patterns)],
    ['categories', [...palette.categories, palette.done]],
    ['severities', palette.severities],
    ['statuses', Object.values(palette.statuses)],
    ['states', [palette.open, palette.overdue, palette.done]],
    ['figures', palette.figures],
    ['cells', Object.values(palette.cells)],
  ];
  describe.each(Object.keys(eyes))('for %s', (kind) => {
    test.each(sets)('%s can be told apart', (_name, colors) => {
      const pairs = colors.flatMap((a, i) => colors.slice(i + 1).map((b) => ({ a, b, difference: difference(labOf(a, eyes[kind]!), labOf(b, eyes[kind]!)) })));
      expect(pairs.filter((pair) => pair.difference < clearlyDifferent)).toEqual([]);
    });
  });
});

function labOf(color: string, cones: readonly Rgb[]): Rgb {
  const linear = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = cones.map((row) => Math.min(1, Math.max(0, row[0] * linear[0]! + row[1] * linear[1]! + row[2] * linear[2]!))) as Rgb;
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
