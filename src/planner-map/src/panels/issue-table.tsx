import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { categories } from '../categories';
import { clock } from '../data';
import * as format from '../format';
import { nameOf, t, word } from '../i18n';
import { issuePages } from '../issue-pages';
import { listPath } from '../place';
import { selection } from '../view';
import { ErrorNote } from './parts';

const sorts = ['-reported_at', 'reported_at', '-severity,-reported_at', 'due_at', '-updated_at'] as const;
const rowHeight = 58;
const rowsInSight = 7;

const sort = signal<(typeof sorts)[number]>('-reported_at');
const scrolled = signal(0);

// Sorted by deadline, what has none comes last.
const pages = issuePages((own) => listPath(`sortby=${sort.value}&${own}`));

/**
 * All issues of the place, however many: only the rows in sight are drawn, and pages are loaded as they come into sight.
 * @param total How many there are; null as long as that is not known.
 */
export function IssueTable({ total }: { total: number | null }) {
  const root = useRef<HTMLUListElement>(null);
  const rows = pages.rows.value;
  const count = pages.complete.value ? rows.length : Math.max(total ?? 0, rows.length);
  const first = Math.min(Math.max(Math.floor(scrolled.value / rowHeight) - 3, 0), Math.max(count - 1, 0));
  const last = Math.min(first + rowsInSight + 6, count);
  const onScroll = (event: Event): void => {
    scrolled.value = (event.currentTarget as HTMLElement).scrollTop;
    pages.want(Math.ceil(scrolled.value / rowHeight) + rowsInSight + 20);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = Number((event.target as HTMLElement).dataset.at);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + rowsInSight, PageUp: at - rowsInSight, Home: 0 }[event.key];
    if (to !== undefined && root.current) {
      event.preventDefault();
      focusRow(root.current, Math.min(Math.max(to, 0), rows.length - 1));
    }
  };
  return (
    <section class="issue-table">
      <div class="list-head">
        <h3>{count > 0 || pages.complete.value ? t('list.title', { n: count }) : t('list')}</h3>
        <label class="choose">
          <span class="unseen">{t('list.sort')}</span>
          <select
            value={sort.value}
            onChange={(event) => {
              sort.value = event.currentTarget.value as (typeof sorts)[number];
              scrolled.value = 0;
              root.current?.scrollTo(0, 0);
            }}
          >
            {sorts.map((order) => (
              <option key={order} value={order}>
                {t(`list.sort.${order}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {pages.error.value && <ErrorNote error={pages.error.value} retry={pages.retry} />}
      {rows.length === 0 && pages.loading.value && <p class="quiet">{t('state.loading')}</p>}
      {rows.length > 0 && (
        <ul class="issues" ref={root} onScroll={onScroll} onKeyDown={onKeyDown} style={{ height: `${Math.min(count, rowsInSight) * rowHeight}px` }} aria-label={t('list')}>
          <li aria-hidden="true" style={{ height: `${first * rowHeight}px` }} />
          {Array.from({ length: last - first }, (_, i) => (
            <Row key={rows[first + i]?.properties.id ?? `+${first + i}`} at={first + i} count={count} />
          ))}
          <li aria-hidden="true" style={{ height: `${Math.max(count - last, 0) * rowHeight}px` }} />
        </ul>
      )}
    </section>
  );
}

function Row({ at, count }: { at: number; count: number }) {
  const issue = pages.rows.value[at]?.properties;
  if (!issue) {
    return (
      <li class="row quiet" aria-setsize={count} aria-posinset={at + 1}>
        {t('state.loading')}
      </li>
    );
  }
  const category = categories.value.byCode.get(issue.category);
  return (
    <li class="row" aria-setsize={count} aria-posinset={at + 1}>
      <button type="button" data-at={at} onClick={() => (selection.value = { kind: 'issue', id: String(issue.id) })}>
        <span class="name">
          {issue.title ?? (category ? nameOf(category) : issue.category)}
          <small>
            {format.day(issue.reported_at, clock.value?.zone ?? 'UTC')} · {t('issue.severity', { n: issue.severity })}
            {issue.address && ` · ${issue.address}`}
          </small>
        </span>
        <span class={issue.overdue ? 'badge bad' : 'badge'}>{issue.overdue ? t('overdue') : word('status', issue.status)}</span>
      </button>
    </li>
  );
}

/** Brings a row into sight; it is drawn a moment later, and then has the focus. */
function focusRow(list: HTMLUListElement, at: number): void {
  const [top, bottom] = [at * rowHeight, (at + 1) * rowHeight];
  if (top < list.scrollTop) {
    list.scrollTop = top;
  } else if (bottom > list.scrollTop + list.clientHeight) {
    list.scrollTop = bottom - list.clientHeight;
  }
  requestAnimationFrame(() => requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus({ preventScroll: true })));
}
