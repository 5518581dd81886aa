import * as format from '../../format';
import { t } from '../../i18n';
import type { Basis } from './scorecards';

const [width, height] = [104, 26];

/** Reports over time as a line so small that it stands in a table. */
export function TrendLine({ trend, steps }: { trend: readonly number[]; steps: Basis['steps'] }) {
  if (!steps || trend.length === 0) {
    return null;
  }
  const most = Math.max(1, ...trend);
  const x = (i: number): number => (trend.length === 1 ? width / 2 : 1 + (i * (width - 4)) / (trend.length - 1));
  const y = (n: number): number => height - 3 - (n * (height - 6)) / most;
  const points = trend.map((n, i) => `${x(i).toFixed(1)},${y(n).toFixed(1)}`);
  const last = trend.length - 1;
  const about = `${t(`trend.${steps.step}`)}: ${trend.map((n, i) => `${format.stepName(steps.starts[i]!, steps.step)} ${format.count(n)}`).slice(-6).join(' · ')}`;
  return (
    <svg class="trend-line" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={about}>
      <title>{about}</title>
      <polyline class="ground" points={`${x(0)},${height - 3} ${points.join(' ')} ${x(last)},${height - 3}`} />
      <polyline class="line" points={points.join(' ')} />
      <circle cx={x(last)} cy={y(trend[last]!)} r="2.2" />
    </svg>
  );
}
