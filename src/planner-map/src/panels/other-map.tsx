import { effect, signal } from '@preact/signals';
import type { MapMouseEvent } from 'maplibre-gl';
import { useEffect, useRef } from 'preact/hooks';
import { clock, main, other, type Answers } from '../data';
import * as format from '../format';
import { t } from '../i18n';
import type { Hit, PlannerMap } from '../map';
import { daysOf, type Period } from '../period';
import { camera, comparison, filter } from '../view';
import { periodName } from './period-choice';
import type { TooltipAt } from './tooltip';

/** The map of the second period, once it is there. */
export const otherMap = signal<PlannerMap | null>(null);

interface OtherMapProps {
  leader: PlannerMap | null;
  onHover(at: TooltipAt | null): void;
  onClick(map: PlannerMap, hits: Hit[], event: MapMouseEvent): void;
}

/** The map of the second period, what names both, and the edge between them. Once made, the map stays, out of sight while it is not wanted. */
export function OtherMap({ leader, onHover, onClick }: OtherMapProps) {
  const container = useRef<HTMLDivElement>(null);
  const made = useRef(false);
  const now = comparison.value;
  useEffect(() => {
    if (now && leader && !made.current) {
      made.current = true;
      void import('../map').then(({ PlannerMap: Other }) => {
        const element = container.current!;
        const map = new Other(element, camera.peek(), other);
        map.follow(leader);
        map.onClick((hits, event) => onClick(map, hits, event));
        map.onHover((hit, x, y) => onHover(hit && { hit, x: x + element.offsetLeft, y: y + element.offsetTop }));
        Object.assign(element, { plannerMap: map });
        otherMap.value = map;
      });
    }
  }, [now !== null, leader]);
  useEffect(
    // The edge moves as one drags: a style, not a new drawing of the page.
    () => effect(() => container.current?.parentElement?.style.setProperty('--edge', `${100 * (comparison.value?.edge ?? 0.5)}%`)),
    [],
  );
  // Counts of a month beside those of a year mislead, unless one is told.
  const days = [now?.period, filter.value.period].map((period) => period && lengthOf(period));
  return (
    <>
      <div class="map other" ref={container} hidden={now === null} />
      {now?.as === 'swipe' && <Edge />}
      {now && (
        <>
          <Name mark="A" period={now.period} answers={other} />
          <Name mark="B" period={filter.value.period} answers={main} {...(days[0] === days[1] && { than: other })} />
          {days[0] !== days[1] && <p class="note lengths">{days[0] && days[1] ? t('compare.lengths', { a: days[0], b: days[1] }) : t('compare.lengths.open')}</p>}
        </>
      )}
    </>
  );
}

/** What a map shows: its period, how many issues, and how many more or less than the other one, where that is as long. */
function Name({ mark, period, answers, than }: { mark: 'A' | 'B'; period: Period; answers: Answers; than?: Answers }) {
  const total = answers.summary.value.value?.total;
  const before = than?.summary.value.value?.total;
  const change = total !== undefined && before ? total / before - 1 : null;
  return (
    <p class={`map-name ${mark === 'A' ? 'first' : 'second'}`}>
      <b>{mark}</b> {periodName(period)}
      {total !== undefined && <span class="value"> · {t('issues', { n: total })}</span>}
      {change !== null && <span class="value"> ({format.change(change)})</span>}
    </p>
  );
}

/** How many days a period has; null for one without a beginning. */
function lengthOf(period: Period): number | null {
  const lastDay = clock.value?.lastDay;
  const { from, to } = lastDay ? daysOf(period, lastDay) : { from: null, to: null };
  return from ? Math.round((Date.parse(to ?? lastDay!) - Date.parse(from)) / 86_400_000) + 1 : null;
}

/** The edge between two maps that lie over each other; by pointer or by arrow keys. */
function Edge() {
  const move = (edge: number): void => {
    comparison.value = comparison.value && { ...comparison.value, edge: Math.min(Math.max(edge, 0), 1) };
  };
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      const box = event.currentTarget.parentElement!.getBoundingClientRect();
      move((event.clientX - box.left) / box.width);
    }
  };
  const step = (event: KeyboardEvent): void => {
    const steps = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (steps) {
      event.preventDefault();
      move(comparison.value!.edge + steps);
    }
  };
  return (
    <div
      class="edge"
      role="slider"
      tabIndex={0}
      aria-label={t('compare.edge')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(comparison.value!.edge * 100)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={step}
    />
  );
}
