import { isDark, paletteOf } from './colors';
import { cells, clusters, contours, heatmapLegend, type Answers } from './data';
import * as format from './format';
import { listed, t, word } from './i18n';
import { CircleNumbers, PatternGroups } from './legend-change';
import { Counts } from './legend-counts';
import { FigureClasses } from './legend-figures';
import { IssueColors } from './legend-issues';
import { Hexagon, Outline } from './marks';
import { layers, type LayerId } from './view';

/** What the colors and sizes of a layer mean, in numbers and units. */
export function Legend({ id }: { id: LayerId }) {
  switch (id) {
    case 'heatmap':
      return <HeatmapScale />;
    case 'cells':
      return <CellClasses />;
    case 'clusters':
      return <ClusterNumbers />;
    case 'density':
      return <ContourLevels />;
    case 'issues':
      return <IssueColors />;
    case 'figures':
      return <FigureClasses />;
    case 'patterns':
      return <PatternGroups />;
    case 'circles':
      return <CircleNumbers />;
    default:
      return null;
  }
}

/** A bar of the colors with densities at even steps: the scale is by the square root. */
function HeatmapScale() {
  const legend = heatmapLegend.value.value;
  if (!legend || legend.peak_per_km2 === 0) {
    return null;
  }
  const last = legend.stops.length - 1;
  const colors = legend.stops.map((stop, i) => `color-mix(in srgb, ${stop.color} ${stop.opacity * 100}%, transparent) ${(100 * i) / last}%`);
  const ticks = [0, last / 4, last / 2, (3 * last) / 4, last].map((i) => legend.stops[Math.round(i)]!);
  return (
    <div class="legend">
      <div class="scale" data-colors={legend.stops.map(solidOnWhite).join(' ')} style={{ backgroundImage: `linear-gradient(to right, ${colors.join(', ')})` }} aria-hidden="true" />
      <ol class="ticks">
        {ticks.map((tick, i) => (
          <li key={i}>{format.rounded(tick.per_km2)}</li>
        ))}
      </ol>
      <p class="quiet">{t('legend.heatmap', { bandwidth: format.distance(legend.bandwidth_m) })}</p>
    </div>
  );
}

/** The color of a stop as it looks on white paper. */
function solidOnWhite({ color, opacity }: { color: string; opacity: number }): string {
  const parts = [1, 3, 5].map((i) => Math.round(255 + opacity * (parseInt(color.slice(i, i + 2), 16) - 255)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function CellClasses() {
  const colors = paletteOf(isDark.value).cells;
  const counts = (cells.value.value?.explain.classes ?? {}) as Record<string, number>;
  if (layers.value.heatmap.shown) {
    return (
      <div class="legend">
        <ul class="keys">
          {([['hot', '3', ['1', '2', '3']], ['cold', '-3', ['-1', '-2', '-3']]] as const).map(([kind, color, classes]) => (
            <li key={kind}>
              <Outline color={colors[color]!} />
              {t(`area.${kind}`)}
              <Counts of={(answers) => cellsOf(answers, classes)} />
            </li>
          ))}
        </ul>
        <CellSize />
      </div>
    );
  }
  const shown = ['3', '2', '1', '-1', '-2', '-3'].filter((c) => Number(c) > 0 || counts[c]);
  return (
    <div class="legend">
      <ul class="keys">
        {shown.map((c) => (
          <li key={c}>
            <Hexagon color={colors[c]!} />
            {word('class', c)}
            <Counts of={(answers) => cellsOf(answers, [c])} />
          </li>
        ))}
      </ul>
      <CellSize />
    </div>
  );
}

/** Cells of some classes; null as long as that is not known. */
function cellsOf(answers: Answers, classes: readonly string[]): number | null {
  const counts = answers.cells.value.value?.explain.classes as Record<string, number> | undefined;
  return counts ? classes.reduce((sum, c) => sum + (counts[c] ?? 0), 0) : null;
}

function CellSize() {
  const explain = cells.value.value?.explain;
  return explain ? <p class="quiet">{t('legend.cells', { n: Number(explain.cells), size: format.distance(Number(explain.parameters.size?.value)) })}</p> : null;
}

function ClusterNumbers() {
  const explain = clusters.value.value?.explain;
  return (
    explain && (
      <div class="legend">
        <p class="quiet">
          {t('legend.clusters', {
            n: Number(explain.clusters),
            min: Number(explain.parameters.min_points?.value),
            eps: format.distance(Number(explain.parameters.eps?.value)),
          })}
        </p>
      </div>
    )
  );
}

function ContourLevels() {
  const levels = contours.value.value?.explain.levels as number[] | undefined;
  return levels && levels.length > 0 ? (
    <div class="legend">
      <p class="quiet">{t('legend.density', { levels: listed(levels.map((level) => format.amount(level))) })}</p>
    </div>
  ) : null;
}
