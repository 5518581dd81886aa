import { effect, signal } from '@preact/signals';
import type { MapMouseEvent } from 'maplibre-gl';
import { useEffect, useRef } from 'preact/hooks';
import { baseMap, groundKnown } from './base-maps';
import { cameraOf } from './camera';
import { cells, circles, clusters, heatmapLegend, mapError, mapLoading, other, overview, patterns, summary } from './data';
import { addCorner, cancelDrawing, canFinish, drawing, finishDrawing, startDrawing } from './drawing';
import { paddingOf } from './edges';
import { goal } from './go-to';
import { t } from './i18n';
import type { Hit, PlannerMap } from './map';
import { Brand, LanguageButton } from './pages/header';
import { also, Details } from './panels/details';
import { TakeAway } from './panels/take-away';
import { CompareChoice } from './panels/compare-choice';
import { OtherMap } from './panels/other-map';
import { DrawTools } from './panels/draw-tools';
import { FilterBar } from './panels/filter-bar';
import { LayerPanel } from './panels/layer-panel';
import { LiveSign } from './panels/live-sign';
import { Numbers } from './panels/numbers';
import { SavedViews } from './panels/saved-views';
import { TimeBar } from './panels/time-bar';
import { ErrorNote } from './panels/parts';
import { Tooltip, type TooltipAt } from './panels/tooltip';
import { firstLook, StandIn, standInFor } from './stand-in';
import { camera, comparison, selection, type Selection } from './view';
import { wardTiles } from './wards';

/** The map, once it is there. */
export const map = signal<PlannerMap | null>(null);

/** On a narrow screen one of the panels is open, or none. */
const openPanel = signal<'layers' | 'numbers' | null>(null);

const hovered = signal<TooltipAt | null>(null);

export function Page() {
  return (
    <>
      <header class="bar">
        <Brand current="map" />
        <FilterBar />
        <div class="tools">
          <CompareChoice />
          <TakeAway map={map.value} />
          <SavedViews />
          <ShareButton />
          <LanguageButton />
        </div>
      </header>
      <main class="stage" data-open={openPanel.value ?? 'none'} data-maps={comparison.value?.as ?? 'one'}>
        <MapArea />
        <OtherMap leader={map.value} onHover={(at) => (hovered.value = at)} onClick={clicked} />
        <aside class="card layers" aria-label={t('layers.title')}>
          <LayerPanel />
        </aside>
        <aside class="card numbers" aria-label={selection.value ? t('details.title') : t('numbers.title')}>
          {selection.value ? <Details /> : <Numbers />}
        </aside>
        {baseMap.value?.attribution && <p class="attribution">{baseMap.value.attribution}</p>}
        <MapButtons />
        <DrawTools />
        <LiveSign />
        <Notes />
        <Tooltip at={hovered.value} />
      </main>
      <TimeBar />
      <nav class="tabs" aria-label={t('panels')}>
        <TabButton panel="layers" label={t('layers.title')} />
        <TabButton panel="numbers" label={selection.value ? t('details.title') : t('numbers.title')} />
      </nav>
    </>
  );
}

function MapArea() {
  const container = useRef<HTMLDivElement>(null);
  const bounds = wardTiles.value.value?.bounds ?? overview.value.value?.bounds ?? null;
  const isLocked = overview.value.error?.status === 401;
  const known = groundKnown.value && !isLocked && (camera.value !== null || bounds !== null || (!wardTiles.value.loading && !overview.value.loading));
  useEffect(() => {
    if (known && !map.peek()) {
      const element = container.current!;
      const at = camera.peek() ?? (bounds && cameraOf(bounds, element.clientWidth, element.clientHeight, paddingOf(element)));
      if (at) {
        standInFor(element, at);
      }
      // Its program is large, and reading it stops the rest where there are few processors.
      void firstLook().then(() => import('./map')).then(({ PlannerMap }) => {
        const made = new PlannerMap(element, at);
        made.onClick((hits, event) => clicked(made, hits, event));
        made.onHover((hit, x, y) => (hovered.value = hit && !drawing.peek() ? { hit, ...inStage(element, x, y) } : null));
        Object.assign(element, { plannerMap: made });
        map.value = made;
      });
    }
  }, [known]);
  useEffect(
    () =>
      effect(() => {
        if (goal.value && map.value) {
          map.value.fit(goal.value);
          goal.value = null;
        }
      }),
    [],
  );
  return (
    <>
      <div class="map" ref={container} data-state="busy" data-drawing={drawing.value !== null} />
      <StandIn />
    </>
  );
}

function clicked(on: PlannerMap, hits: Hit[], event: MapMouseEvent): void {
  if (drawing.peek()) {
    addCornerAt(on, event.lngLat);
  } else {
    select(hits);
  }
}

/** Adds a corner, or closes the outline where that is the first corner again. */
function addCornerAt(made: PlannerMap, { lng, lat }: { lng: number; lat: number }): void {
  const reachPixels = 10;
  const [first, here] = [drawing.peek()![0], made.project(lng, lat)];
  const start = first && made.project(first[0], first[1]);
  if (start && canFinish.peek() && Math.hypot(start.x - here.x, start.y - here.y) <= reachPixels) {
    finishDrawing();
    openPanel.value = 'numbers';
  } else {
    addCorner([lng, lat]);
  }
}

/** From pixels of a map to pixels of what holds all maps. */
export function inStage(container: HTMLElement, x: number, y: number): { x: number; y: number } {
  return { x: x + container.offsetLeft, y: y + container.offsetTop };
}

function select(hits: Hit[]): void {
  const first = hits[0];
  if (first?.layer === 'counts' && first.place) {
    map.peek()?.zoomInto(first.place.lon, first.place.lat);
    return;
  }
  // An issue is the same on both maps.
  const found = hits.flatMap(({ selection: hit, answers }): Selection[] => (hit ? [answers === other && hit.kind !== 'issue' ? { ...hit, of: 'other' } : hit] : []));
  also.value = found;
  selection.value = found[0] ?? null;
  openPanel.value = found[0] ? 'numbers' : openPanel.value;
}

function TabButton({ panel, label }: { panel: 'layers' | 'numbers'; label: string }) {
  const open = openPanel.value === panel;
  return (
    <button type="button" class="tab" aria-expanded={open} onClick={() => (openPanel.value = open ? null : panel)}>
      {label}
    </button>
  );
}

function MapButtons() {
  const bounds = wardTiles.value.value?.bounds ?? overview.value.value?.bounds;
  return (
    <div class="map-buttons" role="group" aria-label={t('map.zoom')}>
      <button type="button" title={t('map.zoom-in')} aria-label={t('map.zoom-in')} onClick={() => map.value?.zoomBy(1)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3v10M3 8h10" /></svg>
      </button>
      <button type="button" title={t('map.zoom-out')} aria-label={t('map.zoom-out')} onClick={() => map.value?.zoomBy(-1)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h10" /></svg>
      </button>
      <button type="button" title={t('map.home')} aria-label={t('map.home')} disabled={!bounds} onClick={() => bounds && map.value?.fit(bounds)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" /></svg>
      </button>
      <button type="button" title={t('draw')} aria-label={t('draw')} aria-pressed={drawing.value !== null} onClick={() => (drawing.value ? cancelDrawing() : startDrawing())}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 5l6-2 4 5-3 5-6-1z" /></svg>
      </button>
    </div>
  );
}

/** What the person must know about loading and failing, over the map. */
function Notes() {
  const answers = [overview, summary, cells, clusters, patterns, circles, heatmapLegend];
  const failed = answers.filter((answer) => answer.value.error);
  const slow = answers.some((answer) => answer.value.slow);
  const busy = mapLoading.value || answers.some((answer) => answer.value.loading);
  return (
    <div class="notes" role="status" aria-live="polite">
      {busy && <div class="progress" aria-hidden="true" />}
      {slow && <p class="note">{t('state.slow')}</p>}
      {failed[0] && <ErrorNote error={failed[0].value.error!} retry={() => failed.forEach((answer) => answer.retry())} />}
      {!failed[0] && mapError.value !== null && (
        <p class="note bad">
          {t('state.map-error')}{' '}
          <button type="button" class="link" onClick={() => map.value?.reload()}>
            {t('state.retry')}
          </button>
        </p>
      )}
    </div>
  );
}

function ShareButton() {
  const copied = useRef(signal(false)).current;
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(location.href);
    copied.value = true;
    setTimeout(() => (copied.value = false), 2000);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()} title={t('share.title')}>
      {copied.value ? t('share.copied') : t('share')}
    </button>
  );
}
