import { clock } from '../data';
import * as format from '../format';
import { nameOf, t, word } from '../i18n';
import { categories } from '../categories';
import { selection } from '../view';
import { isInside, issuesThere, mostListed, selectedArea } from './details-answers';
import { ErrorNote } from './parts';

/** Issues in the selected place, latest first; each opens by itself. */
export function IssueList() {
  const answer = issuesThere.value;
  if (answer.error) {
    return <ErrorNote error={answer.error} retry={issuesThere.retry} />;
  }
  const zone = clock.value?.zone ?? 'UTC';
  const area = selectedArea.value;
  const all = answer.value?.features ?? [];
  // The box around a cell or a cluster holds a little more.
  const there = area ? all.filter((issue) => isInside(issue.geometry.coordinates, area.geometry)) : all;
  return (
    <section>
      <h3>{t(all.length >= mostListed ? 'list.latest' : 'list.title', { n: there.length })}</h3>
      {answer.loading && all.length === 0 && <p class="quiet">{t('state.loading')}</p>}
      <ul class="issues">
        {there.map(({ properties: issue }) => {
          const category = categories.value.byCode.get(issue.category);
          return (
            <li key={issue.id}>
              <button type="button" onClick={() => (selection.value = { kind: 'issue', id: String(issue.id) })}>
                <span class="name">
                  {issue.title ?? (category ? nameOf(category) : issue.category)}
                  <small>
                    {format.day(issue.reported_at, zone)}
                    {issue.address && ` · ${issue.address}`}
                  </small>
                </span>
                <span class={issue.overdue ? 'badge bad' : 'badge'}>{issue.overdue ? t('overdue') : word('status', issue.status)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
