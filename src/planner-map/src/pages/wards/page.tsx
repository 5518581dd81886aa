import { categories } from '../../categories';
import { overview } from '../../clock';
import * as format from '../../format';
import { nameOf, t, word } from '../../i18n';
import { Choices } from '../../panels/choices';
import { FileLink } from '../../panels/file-link';
import { ErrorNote } from '../../panels/parts';
import { PeriodChoice, periodName } from '../../panels/period-choice';
import { Popover } from '../../panels/popover';
import { changeFilter, filter } from '../../view';
import { Header } from '../header';
import { ScorecardPage } from './scorecard-page';
import type { Basis, ScorecardList } from './scorecards';
import { card, chosenLevel, csvPath, level, levels, list, search, ward } from './state';
import { WardTable } from './table';

/** Wards side by side, or one ward's scorecard, under a period and categories. */
export function WardsPage() {
  const answer = ward.value === null ? list.value : card.value;
  const failed = [overview, list, card].filter((resource) => resource.value.error);
  return (
    <>
      <Header current="wards" />
      <main class="document" data-state={answer.loading || (answer.value === null && failed.length === 0) ? 'busy' : 'idle'}>
        <Controls />
        {answer.loading && <div class="progress" aria-hidden="true" />}
        {failed[0] && <ErrorNote error={failed[0].value.error!} retry={() => failed.forEach((resource) => resource.retry())} />}
        <div class={answer.loading ? 'stale' : undefined}>
          {ward.value === null ? list.value.value && <List answer={list.value.value} /> : card.value.value && <ScorecardPage answer={card.value.value} />}
          {answer.value && <Explanation basis={answer.value.basis} />}
        </div>
      </main>
    </>
  );
}

function Controls() {
  const now = filter.value;
  const { byCode, tops } = categories.value;
  const counts = new Map(overview.value.value?.by_category.map((c) => [c.code, c.count]));
  const first = now.categories[0] && byCode.get(now.categories[0]);
  const categoryLabel = now.categories.length === 0 ? t('filter.categories.all') : now.categories.length === 1 && first ? nameOf(first) : t('wards.categories', { n: now.categories.length });
  return (
    <div class="controls" role="group" aria-label={t('filters')}>
      {ward.value === null && levels.value.length > 0 && (
        <label class="field">
          <span class="unseen">{t('ward.level')}</span>
          <select class="button" value={level.value ?? ''} onChange={(event) => (chosenLevel.value = event.currentTarget.value)}>
            {levels.value.map((l) => (
              <option key={l.level} value={l.level}>
                {word('level', l.level)} ({format.count(l.wards)})
              </option>
            ))}
          </select>
        </label>
      )}
      <Popover label={periodName(now.period)} set={now.period.kind !== 'all'} title={t('filter.period')}>
        <PeriodChoice />
      </Popover>
      <Popover label={categoryLabel} set={now.categories.length > 0} title={t('filter.categories')}>
        <Choices
          roots={tops}
          chosen={now.categories}
          counts={counts}
          label={t('filter.categories')}
          searchLabel={t('filter.categories.search')}
          empty={t('filter.categories.none')}
          onChange={(codes) => changeFilter({ categories: codes })}
        />
      </Popover>
      <input type="search" placeholder={t('filter.wards.search')} aria-label={t('filter.wards.search')} value={search.value} onInput={(event) => (search.value = event.currentTarget.value)} />
      <FileLink path={csvPath.value} name="scorecards.csv" label={t('wards.csv')} class="button" />
    </div>
  );
}

function List({ answer }: { answer: ScorecardList }) {
  const { all, without_ward: outside } = answer;
  return (
    <>
      <p class="quiet">
        <strong>{format.count(all.total)}</strong> {t('wards.sum', { n: all.total, open: all.open, overdue: all.overdue })} {outside > 0 && t('wards.outside', { n: outside })}
      </p>
      <WardTable cards={answer.wards} steps={answer.basis.steps} caption={t('wards.caption', { level: word('level', answer.level ?? '') })} />
    </>
  );
}

/** What the figures mean, below them. */
function Explanation({ basis }: { basis: Basis }) {
  const day = (time: string, before = false): string => format.day(new Date(Date.parse(time) - (before ? 1 : 0)).toISOString(), basis.time_zone);
  return (
    <details class="how">
      <summary>{t('explain.title')}</summary>
      <p class="quiet">
        {t('wards.explain')}{' '}
        {basis.previous_from && basis.from && t('wards.explain.before', { from: day(basis.previous_from), to: day(basis.from, true) })}
      </p>
      <p class="quiet version">{t('explain.version', { version: basis.data_version })}</p>
    </details>
  );
}
