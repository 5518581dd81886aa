import { effect } from '@preact/signals';
import type { FeatureCollection } from 'geojson';
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type SourceSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { addressOf, requestOf } from '../api';
import { isDark, paletteOf } from '../colors';
import { language } from '../i18n';
import { backdrop, backdropLabels } from '../layers/backdrop';
import { font, nameField, noFeatures, type Look } from '../layers/layer';
import { choices, firstLayers } from '../view';

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** Longitude and latitude in the system of the map. */
export type Place = readonly [number, number];

/**
 * A small map to look at places or to choose one: the background and the borders of wards. All of it lies in one system, so that a place in that system is
 * drawn where it is; of the background there is only WGS 84.
 */
export class SmallMap {
  private readonly map: MapLibre;
  private shown: FeatureCollection = noFeatures;

  /**
   * @param container The element that it fills.
   * @param bounds Where it looks: west, south, east, north.
   * @param gcj02 Whether its system is GCJ-02.
   */
  constructor(container: HTMLElement, bounds: readonly [number, number, number, number] | null, gcj02: boolean) {
    this.map = new MapLibre({
      container,
      style: styleOf(gcj02),
      ...(bounds && { bounds: [...bounds], fitBoundsOptions: { padding: 12 } }),
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: font.join(','),
      transformRequest: requestOf,
    });
    this.map.touchZoomRotate.disableRotation();
    // Another style begins without them.
    this.map.on('style.load', () => this.draw());
    this.map.on('idle', () => (container.dataset.map = 'idle'));
    let first = true;
    effect(() => {
      void isDark.value;
      void language.value;
      if (!first) {
        this.map.setStyle(styleOf(gcj02));
      }
      first = false;
    });
  }

  onTap(handle: (place: Place) => void): void {
    this.map.on('click', ({ lngLat }) => handle([lngLat.lng, lngLat.lat]));
  }

  /** Shows places as points; outside ones in the color of what is wrong. */
  show(places: readonly { place: Place; outside?: boolean }[]): void {
    this.shown = {
      type: 'FeatureCollection',
      features: places.map(({ place, outside }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [...place] },
        properties: { outside: outside === true },
      })),
    };
    this.draw();
  }

  lookAt(place: Place, zoom: number): void {
    this.map.jumpTo({ center: [...place] as [number, number], zoom: Math.max(zoom, this.map.getZoom()) });
  }

  fit(bounds: readonly [number, number, number, number]): void {
    this.map.fitBounds([...bounds] as [number, number, number, number], { padding: 24, maxZoom: 16, duration: 0 });
  }

  remove(): void {
    this.map.remove();
  }

  private draw(): void {
    this.map.getSource<GeoJSONSource>('places')?.setData(this.shown);
  }
}

function styleOf(gcj02: boolean): { version: 8; sources: Record<string, SourceSpecification>; layers: LayerSpecification[] } {
  const palette = paletteOf(isDark.peek());
  const look: Look = {
    palette,
    language: language.peek(),
    layers: firstLayers,
    choices: choices.peek(),
    topCategories: [],
    wardLevels: [],
    chosenWards: [],
    figureLevel: null,
    selection: null,
    drawing: false,
  };
  const halo = { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 };
  return {
    version: 8,
    sources: {
      ...(!gcj02 && backdrop.sources),
      wards: { type: 'vector', tiles: [addressOf(`tiles/wards/{z}/{x}/{y}.mvt${gcj02 ? '?crs=GCJ02' : ''}`)], maxzoom: 15 },
      places: { type: 'geojson', data: noFeatures },
    },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': palette.land } },
      ...(gcj02 ? [] : [...backdrop.styles(look), ...backdropLabels.styles(look)]),
      { id: 'ward-lines', type: 'line', source: 'wards', 'source-layer': 'wards', paint: { 'line-color': palette.wardLine, 'line-opacity': ['interpolate', ['linear'], ['zoom'], 9, 0.12, 12, 0.3, 14, 0.6], 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.2, 12, 0.4, 16, 1.4] } },
      { id: 'ward-names', type: 'symbol', source: 'wards', 'source-layer': 'ward_labels', minzoom: 12, layout: { 'text-field': nameField(language.peek()), 'text-font': font, 'text-size': 12, 'text-max-width': 7 }, paint: halo },
      {
        id: 'places',
        type: 'circle',
        source: 'places',
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 2.5, 16, 7],
          'circle-color': ['case', ['get', 'outside'], palette.overdue, palette.open],
          'circle-stroke-color': palette.pointLine,
          'circle-stroke-width': 1,
        },
      },
    ],
  };
}
