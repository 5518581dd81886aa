import { computed, effect, untracked } from '@preact/signals';
import { Map as MapLibre, prewarm, ScaleControl, setWorkerUrl, type LayerSpecification, type MapGeoJSONFeature, type MapMouseEvent, type RasterTileSource, type StyleSpecification, type VectorTileSource } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { isDark, paletteOf } from './colors';
import { addressOf, requestOf } from './api';
import type { Box } from './area';
import { baseMap } from './base-maps';
import { codesOf, topsByCount } from './categories';
import { main, mapError, mapLoading, other, tellLoading, type Answers } from './data';
import { shownLevel } from './figures';
import { drawing } from './drawing';
import { coveredOf, paddingOf } from './edges';
import { language, t } from './i18n';
import { readingKey } from './key';
import { changes } from './resource';
import { clickOrder, mapLayers, pointLayers } from './layers';
import { isDrawing } from './layers/drawing';
import { font, type Look } from './layers/layer';
import { camera, choices, comparison, filter, layers, selection, type Camera, type Selection } from './view';
import { shownBounds } from './shown';
import { moveTiles, templateOf, tileAddressOf } from './tile-loader';
import { wardLevels } from './wards';

setWorkerUrl(new URL(workerUrl, import.meta.url).href);
// Its workers start while the page asks where to look.
prewarm();

/** A map as a picture. */
export interface MapPicture {
  picture: HTMLCanvasElement;
  /** Of its middle, degrees. */
  lat: number;
  zoom: number;
  /** Pixels of the picture to a pixel of a screen. */
  ratio: number;
}

/** Something under the pointer. */
export interface Hit {
  /** What the map draws that was hit. */
  answers: Answers;
  /** Null for a count, which stands for several issues. */
  selection: Selection | null;
  layer: string;
  properties: Record<string, unknown>;
  /** Where it is, if it is a point. */
  place: { lon: number; lat: number } | null;
}

const clicks = Object.assign({}, ...mapLayers.map((layer) => layer.clicks)) as Record<string, (properties: Record<string, unknown>) => Selection>;

let maps = 0;

/** The map of the page. It follows the view and the data; the page follows its moves. */
export class PlannerMap {
  private readonly map: MapLibre;
  /** Tells its tiles from those of other maps. */
  private readonly number = ++maps;
  /** Whether it loads what has changed on the server, of which nobody needs to be told. */
  private quiet = false;

  /**
   * @param container The element that it fills.
   * @param at Where it looks first; null where nobody knows.
   * @param answers What it draws.
   */
  constructor(
    container: HTMLElement,
    at: Camera | null,
    private readonly answers: Answers = main,
  ) {
    this.map = new MapLibre({
      container,
      style: this.firstStyle(untracked(() => tilesNow(answers))),
      ...(at && { center: [at.lon, at.lat], zoom: at.zoom }),
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      rollEnabled: false,
      localIdeographFontFamily: font.join(','),
      transformRequest: requestOf,
      // Redrawn for print and for tests from what is on the screen.
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-right');
    if (answers === main) {
      this.map.on('moveend', () => this.tellCamera());
      this.map.on('resize', () => this.tellBounds());
    }
    this.map.on('dblclick', (event) => drawing.peek() && event.preventDefault());
    this.map.on('error', ({ error }) => (mapError.value = error.message));
    tellLoading(this, true);
    this.map.on('dataloading', () => !this.quiet && tellLoading(this, true));
    this.map.on('idle', () => {
      this.quiet = false;
      tellLoading(this, false);
    });
    this.map.once('style.load', () => {
      mapLayers.forEach((layer) => layer.follow?.(this.map, answers));
      effect(() => this.showTiles(tilesNow(answers)));
      effect(() => this.redraw(lookNow()));
      effect(() => {
        // A new question is asked afresh.
        void answers.query.value;
        mapError.value = null;
        this.quiet = false;
      });
      changes.subscribe((n) => {
        if (n > 0) {
          this.quiet = true;
          this.map.refreshTiles('heatmap');
          this.map.refreshTiles('issues');
        }
      });
      let shownKey = readingKey.peek();
      effect(() => {
        // What was refused without a key, or by another one, is asked for again.
        if (readingKey.value !== shownKey) {
          shownKey = readingKey.value;
          this.reload();
        }
      });
      if (answers === main) {
        this.tellCamera();
      }
    });
    effect(() => {
      const canvas = this.map.getCanvas();
      canvas.setAttribute('aria-label', t('map.label'));
      canvas.setAttribute('lang', language.value);
    });
    this.tellWhenIdle(container);
  }

  onClick(handle: (hits: Hit[], event: MapMouseEvent) => void): void {
    this.map.on('click', (event) => handle(this.hitsAt(event), event));
  }

  onHover(handle: (hit: Hit | null, x: number, y: number) => void): void {
    this.map.on('mousemove', (event) => {
      const hit = this.map.isMoving() ? null : (this.hitsAt(event)[0] ?? null);
      this.map.getCanvas().style.cursor = hit ? 'pointer' : '';
      handle(hit, event.point.x, event.point.y);
    });
    this.map.on('mouseout', () => handle(null, 0, 0));
    this.map.on('movestart', () => handle(null, 0, 0));
  }

  fit(box: Box): void {
    this.map.fitBounds(box, { padding: paddingOf(this.map.getContainer()), maxZoom: 16, duration: motion(700) });
  }

  /** Moves with another map, and moves that: both always show the same place. */
  follow(leader: PlannerMap): void {
    const [mine, its] = [this.map, leader.map];
    let following = false;
    const copy = (from: MapLibre, to: MapLibre): void => {
      if (!following) {
        following = true;
        to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
        following = false;
      }
    };
    its.on('move', () => copy(its, mine));
    mine.on('move', () => copy(mine, its));
    copy(its, mine);
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: motion(250) });
  }

  zoomInto(lon: number, lat: number): void {
    this.map.easeTo({ center: [lon, lat], zoom: this.map.getZoom() + 2, duration: motion(500) });
  }

  /** Asks for everything that failed once more. */
  reload(): void {
    mapError.value = null;
    this.map.refreshTiles('heatmap');
    this.map.refreshTiles('issues');
    this.map.refreshTiles('wards');
  }

  /**
   * Draws what is seen of the map beside the panels once more, on a picture of another size: at the same zoom, which the legends are of, and as sharp as fits.
   * @param width Pixels.
   * @param height Pixels.
   */
  async picture(width: number, height: number): Promise<MapPicture> {
    const free = this.freeBox();
    const ratio = Math.min(2, width / (free.right - free.left), height / (free.bottom - free.top));
    const container = document.createElement('div');
    container.style.cssText = `position:fixed;left:-10000px;width:${width / ratio}px;height:${height / ratio}px`;
    document.body.append(container);
    const copy = new MapLibre({
      container,
      style: this.map.getStyle(),
      center: this.map.unproject([(free.left + free.right) / 2, (free.top + free.bottom) / 2]),
      zoom: this.map.getZoom(),
      maxZoom: this.map.getMaxZoom(),
      pixelRatio: ratio,
      interactive: false,
      attributionControl: false,
      fadeDuration: 0,
      localIdeographFontFamily: font.join(','),
      transformRequest: requestOf,
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    try {
      await new Promise<void>((done, fail) => {
        copy.once('idle', () => done());
        copy.once('error', ({ error }) => fail(error));
      });
      const picture = document.createElement('canvas');
      picture.width = copy.getCanvas().width;
      picture.height = copy.getCanvas().height;
      picture.getContext('2d')!.drawImage(copy.getCanvas(), 0, 0);
      return { picture, lat: copy.getCenter().lat, zoom: copy.getZoom(), ratio };
    } finally {
      copy.remove();
      container.remove();
    }
  }

  /** What is seen of the map beside the panels, pixels of the screen. */
  private freeBox(): { left: number; right: number; top: number; bottom: number } {
    const container = this.map.getContainer();
    const { left, right } = coveredOf(container);
    return { left, right: container.clientWidth - right, top: 0, bottom: container.clientHeight };
  }

  /** Where a place is on the screen, pixels from the upper left corner of the map. */
  project(lon: number, lat: number): { x: number; y: number } {
    return this.map.project([lon, lat]);
  }

  /** How many different features of a source are on the screen, by a property. */
  rendered(styleLayer: string, property: string): number {
    return new Set(this.map.queryRenderedFeatures({ layers: [styleLayer] }).map((f) => f.properties[property])).size;
  }

  /** The template of the addresses of a source's tiles. */
  tilesOf(source: string): string | undefined {
    return tileAddressOf(this.nameOf(source));
  }

  private nameOf(source: string): string {
    return `${this.number}-${source}`;
  }

  /** The first style, which asks at once for the tiles whose addresses are known. */
  private firstStyle(tiles: readonly TilesOfSource[]): StyleSpecification {
    const sources: StyleSpecification['sources'] = Object.assign({}, ...mapLayers.map((layer) => layer.sources));
    for (const [id, address] of tiles) {
      moveTiles(this.nameOf(id), address);
      sources[id] = { ...sources[id]!, tiles: [templateOf(this.nameOf(id))] } as StyleSpecification['sources'][string];
    }
    const look = lookNow();
    return {
      version: 8,
      sources,
      layers: [{ id: 'land', type: 'background', paint: { 'background-color': look.palette.land } }, ...mapLayers.flatMap((layer) => layer.styles(look))],
    };
  }

  private showTiles(tiles: readonly TilesOfSource[]): void {
    for (const [id, address] of tiles) {
      const before = this.tilesOf(id);
      // What is there already is not loaded again.
      if (before === address) {
        continue;
      }
      moveTiles(this.nameOf(id), address);
      tellLoading(this, true);
      if (before) {
        this.map.refreshTiles(id);
      } else {
        this.map.getSource<RasterTileSource | VectorTileSource>(id)!.setTiles([templateOf(this.nameOf(id))]);
      }
    }
  }

  private redraw(look: Look): void {
    // Tiles that are laid out anew for it say nothing until they are all there.
    tellLoading(this, true);
    this.map.triggerRepaint();
    this.map.setPaintProperty('land', 'background-color', look.palette.land);
    for (const style of mapLayers.flatMap((layer) => layer.styles(look))) {
      apply(this.map, style);
    }
  }

  private hitsAt({ point }: MapMouseEvent): Hit[] {
    const reach = 4;
    const around: [[number, number], [number, number]] = [
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ];
    // A point need not be hit exactly; an area is where it is.
    const points = this.map.queryRenderedFeatures(around, { layers: clickOrder.slice(0, pointLayers) });
    const areas = this.map.queryRenderedFeatures(point, { layers: clickOrder.slice(pointLayers) });
    const hits = [...points, ...areas].map((feature) => ({ ...hitOf(feature), answers: this.answers }));
    hits.sort((a, b) => rank(a) - rank(b));
    return hits.filter((hit, i) => hits.findIndex((h) => same(h, hit)) === i);
  }

  private tellCamera(): void {
    const { lng, lat } = this.map.getCenter();
    camera.value = { lon: lng, lat, zoom: this.map.getZoom() };
    this.tellBounds();
  }

  /** What the panels leave free of the map. */
  private tellBounds(): void {
    const container = this.map.getContainer();
    const { top, right, bottom, left } = coveredOf(container);
    const corners = [this.map.unproject([left, container.clientHeight - bottom]), this.map.unproject([container.clientWidth - right, top])] as const;
    const next = [corners[0].lng, corners[0].lat, corners[1].lng, corners[1].lat] as const;
    if (next.some((n, i) => n !== shownBounds.peek()?.[i])) {
      shownBounds.value = next;
    }
  }

  /** data-state of the container is "idle" when all that was asked for is there and drawn. */
  private tellWhenIdle(container: HTMLElement): void {
    effect(() => {
      const waits = ({ query, summary, cells, clusters, contours, patterns, circles, scorecards }: Answers): boolean =>
        query.value === null || [summary, cells, clusters, contours, patterns, circles, scorecards].some((answer) => answer.value.loading);
      const busy = mapLoading.value || waits(main) || (comparison.value !== null && waits(other));
      container.dataset.state = busy ? 'busy' : 'idle';
    });
  }
}

function lookNow(): Look {
  return {
    palette: paletteOf(isDark.value),
    language: language.value,
    // Only one of both lies below.
    layers: baseMap.value ? { ...layers.value, backdrop: { ...layers.value.backdrop, shown: false } } : layers.value,
    choices: choices.value,
    topCategories: topCodes.value,
    wardLevels: wardLevels.value,
    chosenWards: chosenWards.value,
    figureLevel: shownLevel.value,
    selection: selection.value,
    drawing: isDrawing.value,
  };
}

/** A source with the template of the addresses of its tiles. */
type TilesOfSource = readonly [id: string, address: string];

/** Sources with tiles, as far as it is known where these are. */
function tilesNow(answers: Answers): TilesOfSource[] {
  const paths = mapLayers.flatMap((layer) => Object.entries(layer.tiles ?? {}).map(([id, pathOf]) => [id, pathOf(answers)] as const));
  return paths.flatMap(([id, path]) => (path === null ? [] : [[id, addressOf(path)] as const]));
}

const topCodes = computed(() => topsByCount.value.map(codesOf));

// Other filters do not change the look.
const chosenWards = computed(() => filter.value.wards);

/** Makes a style layer of the map what it should be; what is so already costs nothing. */
function apply(map: MapLibre, style: LayerSpecification): void {
  for (const [name, value] of Object.entries(style.paint ?? {})) {
    map.setPaintProperty(style.id, name as never, value as never);
  }
  for (const [name, value] of Object.entries(style.layout ?? {})) {
    map.setLayoutProperty(style.id, name as never, value as never);
  }
  if ('filter' in style && style.filter !== undefined) {
    map.setFilter(style.id, style.filter);
  }
  map.setLayerZoomRange(style.id, style.minzoom ?? 0, style.maxzoom ?? 24);
}

function hitOf(feature: MapGeoJSONFeature): Omit<Hit, 'answers'> {
  const properties = { ...feature.properties, $id: feature.id };
  const layer = feature.layer.id === 'cluster-labels' ? 'clusters' : ['lone-counts', 'count-labels'].includes(feature.layer.id) ? 'counts' : feature.layer.id;
  const place = feature.geometry.type === 'Point' ? { lon: feature.geometry.coordinates[0]!, lat: feature.geometry.coordinates[1]! } : null;
  return { selection: clicks[layer]?.(properties) ?? null, layer, properties, place };
}

function rank(hit: Hit): number {
  // Of wards within wards the innermost comes first.
  const depth = hit.layer === 'wards' ? wardLevels.peek().findIndex((l) => l.names.includes(String(hit.properties.level))) : 0;
  return clickOrder.indexOf(hit.layer as (typeof clickOrder)[number]) * 100 - depth;
}

function same(a: Hit, b: Hit): boolean {
  return a.layer === b.layer && a.selection?.id === b.selection?.id && (a.selection !== null || a.properties.$id === b.properties.$id);
}

function motion(milliseconds: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : milliseconds;
}
