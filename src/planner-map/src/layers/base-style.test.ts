import type { StyleSpecification } from 'maplibre-gl';
import { expect, test } from 'vitest';
import { addressesOf, embedded } from './base-style';
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

test('a style of others is drawn without what one map can have only once', () => {
  const { sources, layers } = embedded(style, 'https://maps.example.com/a/style.json');
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

test('hosts that share the work are asked in turn', () => {
  expect(addressesOf('https://t{0-2}.example/{z}/{x}/{y}')).toEqual(['https://t0.example/{z}/{x}/{y}', 'https://t1.example/{z}/{x}/{y}', 'https://t2.example/{z}/{x}/{y}']);
  expect(addressesOf('https://a.example/{z}/{x}/{y}')).toEqual(['https://a.example/{z}/{x}/{y}']);
});
