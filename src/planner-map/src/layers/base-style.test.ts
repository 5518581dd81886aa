import type { StyleSpecification } from 'maplibre-gl';
import { expect, test } from 'vitest';
import { addressesOf, embedded, imageName } from './base-style';
import { font } from './layer';

const style: StyleSpecification = {
  version: 8,
  sprite: 'https://maps.example.com/sprite',
  sources: { city: { type: 'vector', tiles: ['tiles/{z}/{x}/{y}.pbf'] }, other: { type: 'vector', url: 'https://tiles.example.com/other.json' }, hills: { type: 'raster-dem', url: 'hills.json' } },
  layers: [
    { id: 'ground', type: 'background', paint: { 'background-color': '#fff', 'background-pattern': 'dots' } },
    { id: 'parks', type: 'fill', source: 'city', 'source-layer': 'parks', paint: { 'fill-color': '#0a0', 'fill-pattern': 'trees' } },
    { id: 'shade', type: 'hillshade', source: 'hills' },
    { id: 'shops', type: 'symbol', source: 'other', 'source-layer': 'shops', layout: { 'icon-image': 'shop' } },
    { id: 'names', type: 'symbol', source: 'other', 'source-layer': 'names', layout: { 'icon-image': 'dot', 'text-field': ['get', 'name'], 'text-font': ['Their Font'] } },
  ],
};

test('a style of others is drawn without pictures from hosts that may not be asked', () => {
  const { sources, layers, sprites } = embedded(style, 'https://maps.example.com/a/style.json', ['https://tiles.example.com']);
  expect(sprites).toEqual([]);
  expect(sources).toEqual([
    ['base-map:city', { type: 'vector', tiles: ['https://maps.example.com/a/tiles/{z}/{x}/{y}.pbf'] }],
    ['base-map:other', { type: 'vector', url: 'https://tiles.example.com/other.json' }],
  ]);
  expect(layers).toEqual([
    { id: 'base-map:ground', type: 'background', paint: { 'background-color': '#fff' } },
    { id: 'base-map:parks', type: 'fill', source: 'base-map:city', 'source-layer': 'parks', paint: { 'fill-color': '#0a0' } },
    { id: 'base-map:names', type: 'symbol', source: 'base-map:other', 'source-layer': 'names', layout: { 'text-field': ['get', 'name'], 'text-font': font }, paint: {} },
  ]);
});

test('icons and patterns go by names of their own', () => {
  const { layers, sprites } = embedded(style, 'https://maps.example.com/a/style.json', ['https://maps.example.com']);
  expect(sprites).toEqual([['base-map', 'https://maps.example.com/sprite']]);
  expect(layers.map((layer) => ('paint' in layer ? (layer.paint as object) : null))).toEqual([
    { 'background-color': '#fff', 'background-pattern': 'base-map:dots' },
    { 'fill-color': '#0a0', 'fill-pattern': 'base-map:trees' },
    {},
    {},
  ]);
  expect(layers[2]).toMatchObject({ id: 'base-map:shops', layout: { 'icon-image': 'base-map:shop', 'text-font': font } });
  expect(layers[3]).toMatchObject({ id: 'base-map:names', layout: { 'icon-image': 'base-map:dot', 'text-field': ['get', 'name'] } });
  const several = { ...style, sprite: [{ id: 'default', url: 'sprite' }, { id: 'roads', url: 'roads' }] };
  expect(embedded(several, 'https://maps.example.com/a/style.json', ['https://maps.example.com']).sprites).toEqual([
    ['base-map', 'https://maps.example.com/a/sprite'],
    ['base-map:roads', 'https://maps.example.com/a/roads'],
  ]);
});

test.each([
  ['', ''],
  ['{maki}-11', 'base-map:{maki}-11'],
  [['get', 'icon'], ['concat', 'base-map:', ['get', 'icon']]],
  [['coalesce', ['image', ['get', 'icon']], ['image', 'dot']], ['coalesce', ['image', ['concat', 'base-map:', ['get', 'icon']]], ['image', 'base-map:dot']]],
  [['case', ['has', 'a'], 'a', 'b'], ['case', ['has', 'a'], 'base-map:a', 'base-map:b']],
  [['match', ['get', 'class'], 'a', 'x', ['b', 'c'], 'y', ''], ['match', ['get', 'class'], 'a', 'base-map:x', ['b', 'c'], 'base-map:y', '']],
  [['step', ['zoom'], 'far', 10, 'near'], ['step', ['zoom'], 'base-map:far', 10, 'base-map:near']],
  [['let', 'n', 1, 'a'], ['let', 'n', 1, 'base-map:a']],
  [{ stops: [[5, 'a'], [9, 'b']] }, { stops: [[5, 'base-map:a'], [9, 'base-map:b']] }],
])('%j names images as %j', (theirs, ours) => {
  expect(imageName(theirs)).toEqual(ours);
});

test('hosts that share the work are asked in turn', () => {
  expect(addressesOf('https://t{0-2}.example/{z}/{x}/{y}')).toEqual(['https://t0.example/{z}/{x}/{y}', 'https://t1.example/{z}/{x}/{y}', 'https://t2.example/{z}/{x}/{y}']);
  expect(addressesOf('https://a.example/{z}/{x}/{y}')).toEqual(['https://a.example/{z}/{x}/{y}']);
});
