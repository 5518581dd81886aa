import type { Summary } from '../api';
import * as format from '../format';
import { t } from '../i18n';

const height = 56;

/** Reports over time as bars. */
export function TrendBars({ trend }: { trend: NonNullable<Summary['trend']> }) {
  const { step, steps } = trend;
  const most = Math.max(1, ...steps.map((s) => s.issues));
  const width = 100 / steps.length;
  const highest = steps.find((s) => s.issues === most);
  return (
    <section>
      <h3>{t(`trend.${step}`)}</h3>
      <svg
        class="trend"
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('trend.about', { n: steps.length, most, when: highest ? format.stepName(highest.start, step) : '' })}
      >
        {steps.map((s, i) => {
          const tall = (s.issues / most) * height;
          return (
            <g key={s.start}>
              <title>{`${format.stepName(s.start, step)}: ${t('issues', { n: s.issues })}`}</title>
              <rect class="room" x={i * width} y="0" width={width} height={height} />
              <rect class="bar" x={i * width + width * 0.1} y={height - tall} width={width * 0.8} height={tall} />
            </g>
          );
        })}
      </svg>
      <p class="ends">
        <span>{format.stepName(steps[0]!.start, step)}</span>
        <span>{t('trend.most', { n: most })}</span>
        <span>{format.stepName(steps.at(-1)!.start, step)}</span>
      </p>
    </section>
  );
}
