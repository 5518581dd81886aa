import * as format from '../../format';
import { locale, nameOf, t, word } from '../../i18n';
import { Facts, Figure } from '../../panels/parts';
import { TrendBars } from '../../panels/trend-bars';
import { change, written } from './figures';
import { columns, type Column, type Figures, type ScorecardOfWard } from './scorecards';
import { mapAddress, pageAddress, place } from './state';
import { WardTable } from './table';

/** How one ward stands: every figure with what it stands on and, where the period has two ends, with that of the time before. */
export function ScorecardPage({ answer }: { answer: ScorecardOfWard }) {
  const { ward, basis, children } = answer;
  const around = place.value.value?.properties.ancestors ?? [];
  return (
    <>
      <nav class="crumbs" aria-label={t('wards.around')}>
        <a href={pageAddress(null)}>{t('wards.all')}</a>
        {around.map((outer) => (
          <span key={outer.code}>
            {' › '}
            <a href={pageAddress(outer.code)}>{nameOf(outer)}</a>
          </span>
        ))}
      </nav>
      <div class="title">
        <h2>{nameOf(ward)}</h2>
        <a class="button primary" href={mapAddress(ward.code)}>
          {t('wards.show-on-map')}
        </a>
      </div>
      <dl class="figures wide">
        {columns.slice(1).map((column) => (
          <Figure key={column} label={t(`wards.${column}`)} value={written(ward, column as Exclude<Column, 'name'>).value} note={noteOf(ward, ward.previous, column as Exclude<Column, 'name'>)} />
        ))}
      </dl>
      {basis.steps && (
        <TrendBars trend={{ step: basis.steps.step, steps: ward.trend.map((issues, i) => ({ start: basis.steps!.starts[i]!, issues })) }} />
      )}
      <Facts
        rows={[
          [t('ward.level'), word('level', ward.level)],
          [t('ward.responsible'), ward.responsible],
          [t('wards.population'), ward.population === null ? null : format.count(ward.population)],
          [t('cluster.area'), format.area(ward.area_km2 * 1e6)],
        ]}
      />
      {children.length > 0 && (
        <section>
          <h3>{t('wards.within', { name: nameOf(ward), n: new Intl.NumberFormat(locale()).format(children.length) })}</h3>
          <WardTable cards={children} steps={basis.steps} caption={t('wards.within', { name: nameOf(ward), n: children.length })} />
        </section>
      )}
    </>
  );
}

function noteOf(now: Figures, before: Figures | null, column: Exclude<Column, 'name'>): string | undefined {
  const { note } = written(now, column);
  const earlier = before && (column === 'total' ? change(now.total, before.total) : t('wards.was', { value: written(before, column).value }));
  return [note, earlier].filter(Boolean).join(' · ') || undefined;
}
