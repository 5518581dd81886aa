import { summary } from '../data';
import { chooseWards } from '../go-to';
import { listed, nameOf, t, word } from '../i18n';
import { formatFilter } from '../address';
import { formatPeriod } from '../period';
import { changeFilter, filter, noFilter, toggled } from '../view';
import { wardTree } from '../wards';
import { categories } from '../categories';
import { Choices } from './choices';
import { MoreFilters } from './more-filters';
import { periodName, PeriodChoice } from './period-choice';
import { isAnySeverity, SeverityChoice, severityName } from './severity-choice';
import { Popover } from './popover';

const statuses = ['open', 'reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'];

/** Everything that narrows the issues down; each button says how it is set. */
export function FilterBar() {
  const now = filter.value;
  const { byCode: wardsByCode, roots } = wardTree.value;
  const { byCode: categoriesByCode, tops } = categories.value;
  const wardCounts = new Map(summary.value.value?.by_ward.map((w) => [w.code, w.count]));
  const categoryCounts = new Map(summary.value.value?.by_category.map((c) => [c.code, c.count]));
  return (
    <div class="filters" role="group" aria-label={t('filters')}>
      <Popover label={periodName(now.period)} set={now.period.kind !== 'all'} title={t('filter.period')}>
        <PeriodChoice />
      </Popover>
      <Popover label={names(now.wards, (code) => wardsByCode.get(code), t('filter.wards.all'))} set={now.wards.length > 0} title={t('filter.wards')}>
        <Choices
          roots={roots}
          chosen={now.wards}
          counts={wardCounts}
          label={t('filter.wards')}
          searchLabel={t('filter.wards.search')}
          empty={t('filter.wards.none')}
          onChange={(wards) => void chooseWards(wards)}
        />
      </Popover>
      <Popover
        label={names(now.categories, (code) => categoriesByCode.get(code), t('filter.categories.all'))}
        set={now.categories.length > 0}
        title={t('filter.categories')}
      >
        <Choices
          roots={tops}
          chosen={now.categories}
          counts={categoryCounts}
          label={t('filter.categories')}
          searchLabel={t('filter.categories.search')}
          empty={t('filter.categories.none')}
          onChange={(list) => changeFilter({ categories: list })}
        />
      </Popover>
      <Popover
        label={now.statuses.length === 0 ? t('filter.statuses.all') : listed(now.statuses.map((s) => word('status', s)))}
        set={now.statuses.length > 0}
        title={t('filter.statuses')}
      >
        <ul class="checks">
          {statuses.map((status) => (
            <li key={status}>
              <label class={status === 'open' ? '' : 'inner'}>
                <input
                  type="checkbox"
                  checked={now.statuses.includes(status)}
                  onChange={() => changeFilter({ statuses: toggled(now.statuses, status) })}
                />
                {word('status', status)}
              </label>
            </li>
          ))}
        </ul>
      </Popover>
      <Popover label={severityName(now.severity)} set={!isAnySeverity(now.severity)} title={t('filter.severity')}>
        <SeverityChoice />
      </Popover>
      <MoreFilters />
      <button type="button" class="button" aria-pressed={now.overdue} onClick={() => changeFilter({ overdue: !now.overdue })}>
        {t('filter.overdue')}
      </button>
      <button type="button" class="button" aria-pressed={now.relapse} onClick={() => changeFilter({ relapse: !now.relapse })}>
        {t('filter.relapse')}
      </button>
      {now.area && (
        <button type="button" class="button" aria-pressed="true" title={t('area.clear')} onClick={() => changeFilter({ area: null })}>
          {t('area.drawn')} ×
        </button>
      )}
      {formatFilter(now, null) + formatPeriod(now.period) !== '' && (
        <button type="button" class="link" onClick={() => (filter.value = noFilter)}>
          {t('filter.clear')}
        </button>
      )}
    </div>
  );
}

function names(codes: readonly string[], find: (code: string) => { name: string; name_en?: string | null } | undefined, all: string): string {
  if (codes.length === 0) {
    return all;
  }
  const first = find(codes[0]!);
  const name = first ? nameOf(first) : codes[0]!;
  return codes.length === 1 ? name : t('filter.and-more', { name, n: codes.length - 1 });
}
