import type { Summary } from '../api';
import * as format from '../format';
import { t } from '../i18n';
import { placeSummary } from '../place';
import { changeFilter } from '../view';
import { CountsExplained } from './counts-explained';
import { IssueTable } from './issue-table';
import { ErrorNote, Figure, Ranking } from './parts';
import { TrendBars } from './trend-bars';

const mostRows = 5;

/** What there is to know of the issues of a place: how many, since when, what, who answers, and each of them. */
export function PlaceAnswer() {
  const answer = placeSummary.value;
  const numbers = answer.value;
  if (answer.error) {
    return <ErrorNote error={answer.error} retry={placeSummary.retry} />;
  }
  if (!numbers) {
    return <p class="quiet">{t('state.loading')}</p>;
  }
  if (numbers.total === 0) {
    return <p class="quiet">{t('place.none')}</p>;
  }
  return (
    <div class={answer.loading ? 'place stale' : 'place'}>
      <h3>{t('place.title')}</h3>
      <CountFigures numbers={numbers} />
      <CountsExplained path={answer.path!} version={numbers.data_version} />
      {numbers.trend && <TrendBars trend={numbers.trend} />}
      <section>
        <h3>{t('numbers.categories')}</h3>
        <Ranking rows={numbers.by_category.slice(0, mostRows)} total={numbers.total} action={t('numbers.filter-by')} onChoose={(code) => changeFilter({ categories: [code] })} />
      </section>
      <WhoAnswers numbers={numbers} />
      <IssueTable total={numbers.total} />
    </div>
  );
}

/** How many there are, and how many of them are open, overdue, or back again. */
export function CountFigures({ numbers }: { numbers: Summary }) {
  return (
    <dl class="figures">
      <Figure label={t('numbers.total')} value={format.count(numbers.total)} />
      <Figure label={t('numbers.open')} value={format.count(numbers.open)} note={format.percent(numbers.open / numbers.total)} />
      <Figure label={t('numbers.overdue')} value={format.count(numbers.overdue)} note={format.percent(numbers.overdue / numbers.total)} />
      <Figure label={t('numbers.relapses')} value={format.count(numbers.relapses)} note={format.percent(numbers.relapses / numbers.total)} />
    </dl>
  );
}

/** Whose they are: bodies by name, and the departments above them. */
export function WhoAnswers({ numbers }: { numbers: Summary }) {
  const rows = numbers.by_responsible ?? [];
  const departments = (numbers.by_department ?? []).map(({ value, count }) => ({ code: value, name: value, name_en: null, count }));
  return (
    <>
      {rows.length > 0 && (
        <section>
          <h3>{t('place.responsible')}</h3>
          <ol class="bodies">
            {rows.slice(0, mostRows).map(({ value, count }) => (
              <li key={value}>
                <span class="name">{value}</span>
                <span class="value">
                  {format.count(count)} <small>{format.percent(count / numbers.total)}</small>
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {departments.length > 0 && (
        <section class="departments">
          <h3>{t('place.departments')}</h3>
          <Ranking rows={departments.slice(0, mostRows)} total={numbers.total} action={t('numbers.filter-by')} onChoose={(department) => changeFilter({ departments: [department] })} />
        </section>
      )}
    </>
  );
}
