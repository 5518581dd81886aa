import { computed, effect } from '@preact/signals';
import type { FeatureCollection, GeoJSON } from 'geojson';
import type { GeoJSONSource, LayerSpecification, Map, SourceSpecification } from 'maplibre-gl';
import type { Palette } from '../colors';
import type { Answers } from '../data';
import type { Language } from '../i18n';
import type { WardLevel } from '../wards';
import type { Choices, LayerId, LayerView, Selection } from '../view';

/** All that the drawing depends on beside the data. */
export interface Look {
  palette: Palette;
  language: Language;
  layers: Readonly<Record<LayerId, LayerView>>;
  choices: Choices;
  /** Codes of categories, those on top with what is below them; the first ones have colors of their own. */
  topCategories: readonly (readonly string[])[];
  /** Levels of wards from the outermost, with the zoom from which they are drawn. */
  wardLevels: readonly WardLevel[];
  /** Codes of the wards that the filter asks for. */
  chosenWards: readonly string[];
  /** Level of the wards that are colored by a figure. */
  figureLevel: string | null;
  selection: Selection | null;
  /** Whether an area is being drawn, or narrows the issues down. */
  drawing: boolean;
}

/** One thing that the map draws. */
export interface MapLayer {
  sources: Record<string, SourceSpecification>;
  /** The path of the tiles of each of its sources that has tiles; null as long as it is not known. Follows signals. */
  tiles?: Record<string, (answers: Answers) => string | null>;
  /** Its style layers from the bottom up: a function of the look alone, called again when that changes. Always the same ids in the same order. */
  styles(look: Look): LayerSpecification[];
  /** Keeps its sources up with the answers; called once, when the map is there. */
  follow?(map: Map, answers: Answers): void;
  /** What a click on one of its features selects, by style layer. */
  clicks?: Record<string, (properties: Record<string, unknown>) => Selection>;
}

/** Fonts of the system for both scripts: the map draws its letters from them, so none are loaded. */
export const font = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', 'sans-serif'];

export function visibility({ shown }: Pick<LayerView, 'shown'>): 'visible' | 'none' {
  return shown ? 'visible' : 'none';
}

/** The name of a feature in the language of the page. */
export function nameField(language: Language): ['coalesce', ['get', string], ['get', string]] {
  return language === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['coalesce', ['get', 'name'], ['get', 'name_en']];
}

/** Keeps a source, empty at first, up with an answer. What is shown already is not cut into tiles and drawn again. */
export function setData(map: Map, source: string, answer: () => GeoJSON | null | undefined): void {
  const data = computed(() => answer() ?? noFeatures);
  let shown: GeoJSON = noFeatures;
  effect(() => {
    if (data.value !== shown) {
      shown = data.value;
      map.getSource<GeoJSONSource>(source)!.setData(shown);
    }
  });
}

export const noFeatures: FeatureCollection = { type: 'FeatureCollection', features: [] };
