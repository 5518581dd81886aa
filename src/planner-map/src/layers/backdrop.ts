import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { addressOf } from '../api';
import { font, nameField, visibility, type Look, type MapLayer } from './layer';

const source = 'backdrop';

/**
 * A quiet background from files that come with the program; where there are none, or elsewhere, nothing of it is seen. It is one source: for each source the map marks what is
 * whose tile, over the whole picture, twice a frame and whether there is anything to draw or not.
 */
export const backdrop: MapLayer = {
  sources: { [source]: { type: 'geojson', data: addressOf('geodata/backdrop.geojson'), maxzoom: 16 } },
  styles: (look) => {
    const { palette } = look;
    return [
      area(look, 'built_up', palette.builtUp, null),
      area(look, 'parks', palette.park, null),
      area(look, 'water', palette.water, palette.waterLine),
      area(look, 'urban_villages', palette.village, null),
      area(look, 'old_estates', palette.estate, null),
      area(look, 'markets', palette.market, null),
      ...(['casing', 'surface'] as const).map((part): LayerSpecification => ({
        id: `road-${part}`,
        type: 'line',
        source,
        minzoom: part === 'casing' ? 12 : 0,
        filter: ['all', isOf('roads'), ['>=', ['zoom'], ['match', ['get', 'kind'], ['trunk', 'primary'], 0, ['secondary', 'rural'], 10, 'street', 11.5, 14]]],
        layout: { visibility: visibility(look.layers.backdrop), 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          // Far away a road is a thin line on the land; near, a light ribbon with edges.
          'line-color': part === 'casing' ? palette.roadCasing : ['interpolate', ['linear'], ['zoom'], 11, palette.roadCasing, 13, palette.road],
          'line-width': roadWidth(part === 'casing' ? 1.5 : 0),
          'line-opacity': look.layers.backdrop.opacity,
        },
      })),
    ];
  },
};

/** Names of roads, water and places; drawn above the heatmap. */
export const backdropLabels: MapLayer = {
  sources: {},
  styles: (look) => [
    names(look, 'roads', 13.5, { 'symbol-placement': 'line', 'text-letter-spacing': 0.05 }),
    names(look, 'water', 11, { 'text-letter-spacing': 0.15 }),
    names(look, 'parks', 14.5, {}),
    names(look, 'markets', 14.5, {}),
    names(look, 'old_estates', 14.5, {}),
    names(look, 'urban_villages', 14, {}),
  ],
};

function isOf(layer: string): ExpressionSpecification {
  return ['==', ['get', 'layer'], layer];
}

function area(look: Look, layer: string, color: string, outline: string | null): LayerSpecification {
  return {
    id: layer,
    type: 'fill',
    source,
    filter: isOf(layer),
    layout: { visibility: visibility(look.layers.backdrop) },
    paint: { 'fill-color': color, 'fill-opacity': look.layers.backdrop.opacity, 'fill-outline-color': outline ?? color },
  };
}

function names(look: Look, layer: string, minzoom: number, layout: object): LayerSpecification {
  return {
    id: `${layer}-labels`,
    type: 'symbol',
    source,
    minzoom,
    filter: isOf(layer),
    layout: {
      visibility: visibility(look.layers.backdrop),
      'text-field': nameField(look.language),
      'text-font': font,
      'text-size': 11,
      'text-max-width': 8,
      ...layout,
    },
    paint: {
      'text-color': look.palette.labelQuiet,
      'text-halo-color': look.palette.halo,
      'text-halo-width': 1.2,
      'text-opacity': look.layers.backdrop.opacity,
    },
  };
}

/** In pixels: wide for a trunk road, narrow for a lane. */
function roadWidth(more: number): ExpressionSpecification {
  const ofKind = (trunk: number, main: number, street: number, lane: number): ExpressionSpecification => [
    '+',
    more,
    ['match', ['get', 'kind'], 'trunk', trunk, ['primary', 'secondary'], main, ['street', 'rural'], street, lane],
  ];
  return ['interpolate', ['exponential', 1.6], ['zoom'], 9, ofKind(1.2, 0.8, 0.4, 0.2), 13, ofKind(4, 3, 1.6, 0.6), 17, ofKind(18, 14, 9, 4)];
}
