import { backdrop, backdropLabels } from './backdrop';
import { baseMapLayer } from './base-map';
import { circles, patterns } from './change';
import { figures } from './figures';
import { heatmap } from './heatmap';
import { drawing } from './drawing';
import { cells, clusters, density } from './hotspots';
import { counts, issues } from './issues';
import type { MapLayer } from './layer';
import { selected } from './selected';
import { wardLabels, wardLines } from './wards';

/** Everything on the map, from the bottom up. */
export const mapLayers: readonly MapLayer[] = [
  baseMapLayer,
  backdrop,
  figures,
  heatmap,
  density,
  patterns,
  cells,
  wardLines,
  circles,
  clusters,
  backdropLabels,
  issues,
  counts,
  selected,
  wardLabels,
  drawing,
];

/** Style layers that can be clicked; of several in one place the first counts. */
export const clickOrder = ['issues', 'counts', 'lone-counts', 'count-labels', 'cluster-labels', 'clusters', 'circles', 'cells', 'patterns', 'figures', 'wards'] as const;

/** So many of them, from the first, are points. */
export const pointLayers = 5;
