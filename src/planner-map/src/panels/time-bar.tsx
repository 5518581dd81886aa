import { useRef } from 'preact/hooks';
import * as format from '../format';
import { t } from '../i18n';
import { everything } from '../period';
import { edges, lookAt, play, playing, prefersStill, speed, speeds, step, steps, timeline, trend, type Speed } from '../timeline';
import { changeFilter, filter } from '../view';
import { periodName } from './period-choice';
import { ErrorNote } from './parts';

const height = 30;

/** When: bars of all reports under the rest of the filter, a window over them that can be moved, widened and played. */
export function TimeBar() {
  const answer = timeline.value;
  if (answer.error) {
    return (
      <section class="time" aria-label={t('time')}>
        <ErrorNote error={answer.error} retry={timeline.retry} />
      </section>
    );
  }
  const n = steps.value?.starts.length ?? 0;
  // One step, or none, leaves nothing to choose.
  if (!trend.value || !edges.value || n < 2) {
    return null;
  }
  const isAll = filter.value.period.kind === 'all';
  return (
    <section class="time" aria-label={t('time')}>
      <div class="time-buttons">
        <StepButton by={-1} label={t('time.back')} path="M10 3L5 8l5 5" disabled={!isAll && edges.value[0] === 0} />
        {!prefersStill.value && (
          <button type="button" class="round" aria-label={t(playing.value ? 'time.pause' : 'time.play')} title={t(playing.value ? 'time.pause' : 'time.play')} onClick={() => (playing.value ? (playing.value = false) : play())}>
            <svg viewBox="0 0 16 16" aria-hidden="true">{playing.value ? <path d="M5 3v10M11 3v10" /> : <path class="solid" d="M5 3l8 5-8 5z" />}</svg>
          </button>
        )}
        <StepButton by={1} label={t('time.on')} path="M6 3l5 5-5 5" disabled={!isAll && edges.value[1] === n} />
        {!prefersStill.value && (
          <select aria-label={t('time.speed')} title={t('time.speed')} value={speed.value} onChange={(event) => (speed.value = event.currentTarget.value as Speed)}>
            {(Object.keys(speeds) as Speed[]).map((name) => (
              <option key={name} value={name}>
                {t(`time.speed.${name}`)}
              </option>
            ))}
          </select>
        )}
      </div>
      <Brush />
      <p class="time-name">
        <strong>{periodName(filter.value.period)}</strong>
        {!isAll && (
          <button type="button" class="link" onClick={() => changeFilter({ period: everything })}>
            {t('time.all')}
          </button>
        )}
      </p>
    </section>
  );
}

function StepButton({ by, label, path, disabled }: { by: 1 | -1; label: string; path: string; disabled: boolean }) {
  return (
    <button type="button" class="round" aria-label={label} title={label} disabled={disabled} onClick={() => step(by)}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
    </button>
  );
}

/** The bars. Dragging over them chooses a window, a click one step; both ends are sliders of their own for the keyboard. */
function Brush() {
  const bars = useRef<SVGSVGElement>(null);
  const begun = useRef<number | null>(null);
  const { step: unit, steps: all } = trend.value!;
  const [from, to] = edges.value!;
  const n = all.length;
  const most = Math.max(1, ...all.map((s) => s.issues));
  const name = (i: number): string => format.stepName(all[i]!.start, unit);
  const stepUnder = (event: PointerEvent): number => {
    const box = bars.current!.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((event.clientX - box.left) / box.width) * n), 0), n - 1);
  };
  const choose = (event: PointerEvent): void => {
    const [a, b] = [begun.current!, stepUnder(event)];
    lookAt(Math.min(a, b), Math.max(a, b) + 1);
  };
  return (
    <div class="brush">
      <svg
        ref={bars}
        viewBox={`0 0 ${n} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={(event) => {
          playing.value = false;
          begun.current = stepUnder(event);
          event.currentTarget.setPointerCapture(event.pointerId);
          choose(event);
        }}
        onPointerMove={(event) => begun.current !== null && choose(event)}
        onPointerUp={() => (begun.current = null)}
        onPointerCancel={() => (begun.current = null)}
      >
        <rect class="window" x={from} y="0" width={to - from} height={height} />
        {all.map((s, i) => (
          <g key={s.start}>
            <title>{`${name(i)}: ${t('issues', { n: s.issues })}`}</title>
            <rect class="room" x={i} y="0" width="1" height={height} />
            <rect class={i >= from && i < to ? 'bar chosen' : 'bar'} x={i + 0.08} y={height - (s.issues / most) * height} width="0.84" height={(s.issues / most) * height} />
          </g>
        ))}
      </svg>
      <input
        type="range"
        class="from"
        min="0"
        max={n}
        value={from}
        aria-label={t('time.from')}
        aria-valuetext={name(from)}
        onInput={(event) => {
          const at = Math.min(Number(event.currentTarget.value), to - 1);
          event.currentTarget.value = String(at);
          lookAt(at, to);
        }}
      />
      <input
        type="range"
        class="to"
        min="0"
        max={n}
        value={to}
        aria-label={t('time.to')}
        aria-valuetext={name(to - 1)}
        onInput={(event) => {
          const at = Math.max(Number(event.currentTarget.value), from + 1);
          event.currentTarget.value = String(at);
          lookAt(from, at);
        }}
      />
    </div>
  );
}
