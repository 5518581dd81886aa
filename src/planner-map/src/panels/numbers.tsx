import type { NamedCount } from '../api';
import { cells, clock, clusters, circles, contours, heatmapLegend, overview, patterns, summary } from '../data';
import * as format from '../format';
import { chooseWards } from '../go-to';
import { nameOf, t } from '../i18n';
import { changeFilter, choices, choose, filter, layers, noFilter, numberScopes, selection } from '../view';
import { placeOf, wardTree } from '../wards';
import { CountsExplained } from './counts-explained';
import { HowComputed } from './explain';
import { IssueTable } from './issue-table';
import { periodName } from './period-choice';
import { Figure, Ranking } from './parts';
import { PlaceAnswer, WhoAnswers } from './place-answer';
import { TrendBars } from './trend-bars';

const mostRows = 5;

/** The numbers of the present filter: how many, when, where, what. */
export function Numbers() {
  const answer = summary.value;
  const numbers = answer.value;
  if (choices.value.numbers === 'map') {
    return (
      <>
        <Scope />
        <PlaceAnswer />
      </>
    );
  }
  if (!numbers) {
    return <p class="quiet">{answer.error ? t('numbers.none') : t('state.loading')}</p>;
  }
  if (numbers.total === 0) {
    return <Nothing />;
  }
  const days = clock.value;
  return (
    <div class={answer.loading ? 'stale' : undefined}>
      <Scope />
      <p class="headline">
        <strong>{format.count(numbers.total)}</strong> {t('numbers.issues', { n: numbers.total })}
      </p>
      <p class="quiet">
        {periodName(filter.value.period)}
        {numbers.first_reported && numbers.last_reported && days && (
          <> · {t('numbers.span', { from: format.day(numbers.first_reported, days.zone), to: format.day(numbers.last_reported, days.zone) })}</>
        )}
      </p>
      <dl class="figures">
        <Figure label={t('numbers.open')} value={format.count(numbers.open)} note={format.percent(numbers.open / numbers.total)} />
        <Figure label={t('numbers.overdue')} value={format.count(numbers.overdue)} note={format.percent(numbers.overdue / numbers.total)} />
        <Figure label={t('numbers.relapses')} value={format.count(numbers.relapses)} note={format.percent(numbers.relapses / numbers.total)} />
        <HotCells />
      </dl>
      <CountsExplained path={answer.path!} version={numbers.data_version} />
      {numbers.trend && <TrendBars trend={numbers.trend} />}
      <TopClusters />
      <TopWards />
      <section>
        <h3>{t('numbers.categories')}</h3>
        <Ranking
          rows={numbers.by_category.slice(0, mostRows)}
          total={numbers.total}
          action={t('numbers.filter-by')}
          onChoose={(code) => changeFilter({ categories: [code] })}
        />
      </section>
      <WhoAnswers numbers={numbers} />
      <section>
        <h3>{t('explain.title')}</h3>
        {numbers.default_points > 0 && <p class="quiet">{t('numbers.default-points', { n: numbers.default_points })}</p>}
        {layers.value.heatmap.shown && heatmapLegend.value.value && <HowComputed method="heatmap" legend={heatmapLegend.value.value} />}
        {cells.value.value && <HowComputed method="gi-star" explain={cells.value.value.explain} />}
        {clusters.value.value && <HowComputed method="dbscan" explain={clusters.value.value.explain} />}
        {patterns.value.value && <HowComputed method="emerging" explain={patterns.value.value.explain} />}
        {circles.value.value && <HowComputed method="scan" explain={circles.value.value.explain} />}
        {contours.value.value && <HowComputed method="density" explain={contours.value.value.explain} />}
        <p class="quiet version">{t('explain.version', { version: numbers.data_version })}</p>
      </section>
      <IssueTable total={numbers.total} />
    </div>
  );
}

/** Whether the numbers are of all that the filter leaves, or of what of it the map shows. */
function Scope() {
  return (
    <div class="scope" role="group" aria-label={t('scope')}>
      {numberScopes.map((scope) => (
        <button key={scope} type="button" aria-pressed={choices.value.numbers === scope} onClick={() => choose({ numbers: scope })}>
          {t(`scope.${scope}`)}
        </button>
      ))}
    </div>
  );
}

function Nothing() {
  const noneAtAll = overview.value.value?.total === 0;
  return (
    <div class="nothing">
      <p class="headline">{t(noneAtAll ? 'numbers.empty' : 'numbers.no-match')}</p>
      <p class="quiet">{t(noneAtAll ? 'numbers.empty.hint' : 'numbers.no-match.hint')}</p>
      {!noneAtAll && (
        <button type="button" class="button" onClick={() => (filter.value = noFilter)}>
          {t('filter.clear')}
        </button>
      )}
    </div>
  );
}

function HotCells() {
  const explain = cells.value.value?.explain;
  const classes = (explain?.classes ?? {}) as Record<string, number>;
  const hot = ['1', '2', '3'].reduce((sum, c) => sum + (classes[c] ?? 0), 0);
  return (
    <Figure
      label={t('numbers.hot-cells')}
      value={explain ? format.count(hot) : '…'}
      note={explain && Number(explain.cells) > 0 ? t('numbers.of-cells', { n: Number(explain.cells) }) : undefined}
    />
  );
}

/** Where a cluster is, by the ward that holds most of it. */
export function placeName(wards: readonly NamedCount[]): string {
  const place = placeOf(wards, wardTree.value.byCode);
  return place ? nameOf(place) : t('cluster.nowhere');
}

function TopClusters() {
  const found = clusters.value.value;
  if (!found || found.features.length === 0) {
    return null;
  }
  const top = found.features.map((f) => f.properties).sort((a, b) => b.count - a.count || a.cluster - b.cluster);
  return (
    <section>
      <h3>{t('numbers.clusters')}</h3>
      <ol class="places">
        {top.slice(0, mostRows).map((cluster) => (
          <li key={cluster.cluster}>
            <button type="button" onClick={() => (selection.value = { kind: 'cluster', id: String(cluster.cluster) })}>
              <span class="name">
                {placeName(cluster.wards)}
                <small>{cluster.top_categories[0] && nameOf(cluster.top_categories[0])}</small>
              </span>
              <span class="value">
                {format.count(cluster.count)}
                <small>{t('cluster.density', { d: format.amount(cluster.density_per_km2) })}</small>
              </span>
            </button>
          </li>
        ))}
      </ol>
      {top.length > mostRows && <p class="quiet">{t('numbers.clusters.more', { n: top.length - mostRows })}</p>}
    </section>
  );
}

/** The wards within the one that is filtered by, or the outermost that tell places apart. */
function TopWards() {
  const { byCode, roots } = wardTree.value;
  const numbers = summary.value.value;
  const [only, ...others] = filter.value.wards;
  let candidates = only && others.length === 0 ? (byCode.get(only)?.children ?? []) : roots;
  while (candidates.length === 1 && candidates[0]!.children.length > 0) {
    candidates = candidates[0]!.children;
  }
  const codes = new Set(candidates.map((ward) => ward.code));
  const rows = (numbers?.by_ward ?? []).filter((ward) => codes.has(ward.code)).sort((a, b) => b.count - a.count);
  return rows.length < 2 ? null : (
    <section>
      <h3>{t('numbers.wards')}</h3>
      <Ranking rows={rows.slice(0, mostRows)} total={numbers!.total} action={t('numbers.filter-by')} onChoose={(code) => void chooseWards([code])} />
    </section>
  );
}
