import { computed, signal } from '@preact/signals';
import { baseMap } from './base-maps';
import type { PatternGroup } from './methods';

/**
 * Colors of the map. Chosen so that they can be told apart with any common color blindness: red against blue for hot and cold, vermilion, blue and grey for the
 * state of an issue (Okabe and Ito's set); the heatmap's are the server's.
 */
export interface Palette {
  land: string;
  builtUp: string;
  park: string;
  water: string;
  waterLine: string;
  road: string;
  roadCasing: string;
  market: string;
  estate: string;
  village: string;
  wardLine: string;
  wardChosen: string;
  label: string;
  labelQuiet: string;
  halo: string;
  /** By class, -3 to 3 without 0. */
  cells: Record<string, string>;
  cluster: string;
  contour: string;
  /** By group of patterns over time. */
  patterns: Record<PatternGroup, string>;
  circle: string;
  /** Of the most frequent categories; the rest have {@link done}. */
  categories: readonly string[];
  /** From 1 to 5. */
  severities: readonly string[];
  statuses: Record<string, string>;
  /** Of classes of a figure, from the lowest. */
  figures: readonly string[];
  overdue: string;
  open: string;
  done: string;
  pointLine: string;
  count: string;
  countText: string;
  selected: string;
}

const light: Palette = {
  land: '#f6f5f1',
  builtUp: '#eeece6',
  park: '#dde8d6',
  water: '#cfe1ea',
  waterLine: '#b4cfdc',
  road: '#ffffff',
  roadCasing: '#d9d3c6',
  market: '#ead9b5',
  estate: '#e3dfd6',
  village: '#e6dce3',
  wardLine: '#6b7280',
  wardChosen: '#0b5f8a',
  label: '#1f2937',
  labelQuiet: '#5b6472',
  halo: '#ffffff',
  cells: { '-3': '#1d5a9e', '-2': '#4f93c8', '-1': '#9cc4e0', '1': '#f3a27f', '2': '#d6513f', '3': '#99101f' },
  cluster: '#0f5c57',
  contour: '#6a1b70',
  patterns: { new: '#b0308a', worse: '#8c0d1d', again: '#e07a1f', steady: '#d6513f', easing: '#edc45a', past: '#8b929c', cold: '#4f93c8' },
  circle: '#6d1f87',
  categories: ['#0072b2', '#d55e00', '#009e73', '#e393c6', '#e69f00', '#56b4e9', '#4a2377'],
  severities: ['#f3d98b', '#eeb04f', '#dd7a3a', '#b23a30', '#66101f'],
  statuses: { reported: '#d55e00', accepted: '#e69f00', dispatched: '#e393c6', resolved: '#56b4e9', closed: '#0072b2', rejected: '#7b828d' },
  figures: ['#e6efe9', '#b5d5c5', '#78b39f', '#3d897b', '#13564f'],
  overdue: '#d55e00',
  open: '#0072b2',
  done: '#7b828d',
  pointLine: '#ffffff',
  count: '#33475b',
  countText: '#ffffff',
  selected: '#111827',
};

const dark: Palette = {
  land: '#171c23',
  builtUp: '#1c222a',
  park: '#1c2a24',
  water: '#1d2c3a',
  waterLine: '#2a3e50',
  road: '#3b4450',
  roadCasing: '#343c47',
  market: '#3a3427',
  estate: '#23282f',
  village: '#2c2731',
  wardLine: '#8b95a3',
  wardChosen: '#6bc1f0',
  label: '#eef1f5',
  labelQuiet: '#b3bcc8',
  halo: '#10141a',
  cells: { '-3': '#6db3f5', '-2': '#4687c4', '-1': '#335a80', '1': '#8a4633', '2': '#d9644c', '3': '#ff9a80' },
  cluster: '#63d6c8',
  contour: '#e3a6e8',
  patterns: { new: '#f08fd6', worse: '#ff5a4f', again: '#e8a04a', steady: '#a83c30', easing: '#e6d58a', past: '#8791a0', cold: '#4687c4' },
  circle: '#d9a2ee',
  categories: ['#3d8fcc', '#e8742a', '#2fc79b', '#f79bd0', '#f5d04a', '#a6e6ff', '#8057c8'],
  severities: ['#5d5032', '#8d6a2f', '#c58a3c', '#f0b25e', '#ffe6ad'],
  statuses: { reported: '#e8742a', accepted: '#f5d04a', dispatched: '#f79bd0', resolved: '#a6e6ff', closed: '#3d8fcc', rejected: '#969ea9' },
  figures: ['#24352f', '#34594d', '#4a8571', '#6fb79c', '#b5e8cf'],
  overdue: '#ff8c3a',
  open: '#56b4e9',
  done: '#969ea9',
  pointLine: '#10141a',
  count: '#c6d2de',
  countText: '#10141a',
  selected: '#ffffff',
};

const darkPreferred = matchMedia('(prefers-color-scheme: dark)');

const prefersDark = signal(darkPreferred.matches);
darkPreferred.addEventListener('change', (event) => (prefersDark.value = event.matches));

/** While something is drawn for paper. */
export const onPaper = signal(false);

/** Whether maps are dark: as the person prefers, but never on paper, nor on base maps of others, which are light. */
export const isDark = computed(() => prefersDark.value && !onPaper.value && !baseMap.value);

export function paletteOf(onDark: boolean): Palette {
  return onDark ? dark : light;
}
