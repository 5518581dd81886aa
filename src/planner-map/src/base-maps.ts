import { computed } from '@preact/signals';
import { resource } from './resource';
import { baseMapId } from './view';

/** A map of others that the operator offers: GET /api/base-maps. */
export interface BaseMap {
  id: string;
  name: string;
  name_en: string | null;
  /** Addresses of pictures with {z}, {x} and {y}, the lowest layer first; {0-7} stands for hosts that share the work. */
  tiles: string[];
  /** Address of a style drawn from vector tiles; null for pictures. */
  style: string | null;
  /** Hosts that the page may ask for it. */
  hosts: string[];
  crs: 'EPSG:3857' | 'GCJ02';
  attribution: string | null;
  tile_size: number;
  min_zoom: number;
  max_zoom: number;
}

const answer = resource<{ base_maps: BaseMap[] }>(() => 'api/base-maps');

/** All that are offered; usually none. */
export const baseMaps = computed(() => answer.value.value?.base_maps ?? []);

/** The one in place of the local backdrop; null for that. */
export const baseMap = computed(() => baseMaps.value.find((map) => map.id === baseMapId.value) ?? null);

/** The system in which places on the map are written, where the base map is shifted; empty for WGS 84. */
export const shiftedCrs = computed(() => (baseMap.value?.crs === 'GCJ02' ? 'GCJ02' : ''));

/** How the server is asked for shapes and tiles, so that they lie on the base map where it is shifted; empty where it is not. */
export const shift = computed(() => shiftedCrs.value && `crs=${shiftedCrs.value}`);

/** Whether it is known what to lie on: a link may name a base map that the server has yet to tell of. */
export const groundKnown = computed(() => baseMapId.value === null || !answer.value.loading);
