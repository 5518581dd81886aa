import { batch, computed, signal } from '@preact/signals';
import type { Language } from './i18n';
import { everything, type Period } from './period';

/** Which issues: the issue filter of the API, as far as the page offers it. Empty lists mean all. */
export interface Filter {
  /** Codes; the wards within them count too. */
  wards: readonly string[];
  /** Codes; the categories below them count too. */
  categories: readonly string[];
  /** Statuses, or "open" for those that are neither closed nor rejected. */
  statuses: readonly string[];
  /** Lowest and highest, 1 to 5. */
  severity: readonly [number, number];
  overdue: boolean;
  relapse: boolean;
  /** How it was found. */
  sources: readonly string[];
  /** Codes of inspection rounds. */
  rounds: readonly string[];
  departments: readonly string[];
  /** A drawn area that they lie in, as {@link formatArea} writes it; null for everywhere. */
  area: string | null;
  period: Period;
}

export const layerIds = ['heatmap', 'cells', 'patterns', 'circles', 'clusters', 'density', 'issues', 'counts', 'figures', 'wards', 'backdrop'] as const;
export type LayerId = (typeof layerIds)[number];

/** How a layer is drawn. */
export interface LayerView {
  shown: boolean;
  /** 0 to 1. */
  opacity: number;
}

export const issueColorings = ['state', 'category', 'severity', 'status'] as const;
export const circleQuestions = ['rise', 'place'] as const;
export const numberScopes = ['filter', 'map'] as const;

/** Figures of a ward's scorecard. */
export const figureNames = ['total', 'per_km2', 'open', 'overdue', 'relapses', 'relapse_rate', 'on_time_rate', 'median_days_to_close'] as const;

/** What some of the layers show. */
export interface Choices {
  /** What colors an issue. */
  issues: (typeof issueColorings)[number];
  /** More than before in the same place (rise), or more than elsewhere (place). */
  circles: (typeof circleQuestions)[number];
  /** What colors a ward. */
  figure: (typeof figureNames)[number];
  /** Level of the wards that are colored; null for the page's choice. */
  figureLevel: string | null;
  /** Whether the numbers are of all that the filter leaves, or of what of it the map shows. */
  numbers: (typeof numberScopes)[number];
}

/** A second period, on a map of its own. */
export interface Comparison {
  period: Period;
  /** Beside the first map, or under it with an edge that can be moved. */
  as: 'side' | 'swipe';
  /** Where the edge is: 0 left, 1 right. */
  edge: number;
}

/** Where the map looks. */
export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}

/** What was clicked: an issue, a significant cell, a cell with a pattern, a cluster or a circle by its id, a ward by its code, or a drawn area by its corners. */
export interface Selection {
  kind: 'issue' | 'cell' | 'pattern' | 'cluster' | 'circle' | 'ward' | 'area';
  id: string;
  /** On the map of the second period; left out for the first. */
  of?: 'other';
}

/** Everything that makes up the picture; an address holds all of it. */
export interface View {
  filter: Filter;
  layers: Readonly<Record<LayerId, LayerView>>;
  choices: Choices;
  /** Id of a base map in place of the local backdrop; null for that. */
  baseMap: string | null;
  /** Null for one map. */
  comparison: Comparison | null;
  /** Null until the map has moved to the data. */
  camera: Camera | null;
  selection: Selection | null;
  /** Null for the browser's. */
  language: Language | null;
}

export const anySeverity: readonly [number, number] = [1, 5];

export const noFilter: Filter = {
  wards: [],
  categories: [],
  statuses: [],
  severity: anySeverity,
  overdue: false,
  relapse: false,
  sources: [],
  rounds: [],
  departments: [],
  area: null,
  period: everything,
};

export const firstLayers: Readonly<Record<LayerId, LayerView>> = {
  heatmap: { shown: true, opacity: 0.8 },
  cells: { shown: true, opacity: 1 },
  patterns: { shown: false, opacity: 1 },
  circles: { shown: false, opacity: 1 },
  clusters: { shown: false, opacity: 1 },
  density: { shown: false, opacity: 0.8 },
  issues: { shown: true, opacity: 1 },
  counts: { shown: false, opacity: 1 },
  figures: { shown: false, opacity: 1 },
  wards: { shown: true, opacity: 1 },
  backdrop: { shown: true, opacity: 1 },
};

export const firstChoices: Choices = { issues: 'state', circles: 'rise', figure: 'total', figureLevel: null, numbers: 'filter' };

export const filter = signal<Filter>(noFilter);
export const layers = signal(firstLayers);
export const choices = signal(firstChoices);
export const baseMapId = signal<string | null>(null);
export const comparison = signal<Comparison | null>(null);
export const camera = signal<Camera | null>(null);
export const selection = signal<Selection | null>(null);
export const chosenLanguage = signal<Language | null>(null);

/** The whole as one value. */
export const view = computed<View>(() => ({
  filter: filter.value,
  layers: layers.value,
  choices: choices.value,
  baseMap: baseMapId.value,
  comparison: comparison.value,
  camera: camera.value,
  selection: selection.value,
  language: chosenLanguage.value,
}));

export function show(next: View): void {
  batch(() => {
    filter.value = next.filter;
    layers.value = next.layers;
    choices.value = next.choices;
    baseMapId.value = next.baseMap;
    comparison.value = next.comparison;
    camera.value = next.camera;
    selection.value = next.selection;
    chosenLanguage.value = next.language;
  });
}

export function changeFilter(change: Partial<Filter>): void {
  filter.value = { ...filter.value, ...change };
}

export function changeLayer(id: LayerId, change: Partial<LayerView>): void {
  layers.value = { ...layers.value, [id]: { ...layers.value[id], ...change } };
}

export function choose(change: Partial<Choices>): void {
  choices.value = { ...choices.value, ...change };
}

/** The list with the value put in, or taken out if it is there. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((v) => v !== value) : [...values, value];
}
