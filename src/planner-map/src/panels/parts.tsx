import type { ComponentChildren } from 'preact';
import type { ApiError, NamedCount } from '../api';
import * as format from '../format';
import { nameOf, t, type MessageKey } from '../i18n';
import { refusalInWords } from '../i18n/server-words';
import { KeyNeeded } from './key-form';

/** A failure in words a person can act on. */
export function ErrorNote({ error, retry }: { error: ApiError; retry?: () => void }) {
  if (error.status === 401) {
    return <KeyNeeded />;
  }
  const key: MessageKey = error.status === 0 ? 'error.offline' : error.status === 503 ? 'error.database' : error.status >= 500 ? 'error.server' : 'error.refused';
  return (
    <p class="note bad" role="alert">
      {t(key)} {error.status >= 400 && error.status < 500 && <span class="quiet">{t('error.why', { why: refusalInWords(error) })}</span>}{' '}
      {retry && (
        <button type="button" class="link" onClick={retry}>
          {t('state.retry')}
        </button>
      )}
    </p>
  );
}

/** A number with its name. */
export function Figure({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** Names and values one below the other; what has no value is left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Counts as bars; each is a button. */
export function Ranking({ rows, total, action, onChoose }: { rows: readonly NamedCount[]; total: number; action: string; onChoose(code: string): void }) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  return (
    <ol class="ranking">
      {rows.map((row) => (
        <li key={row.code}>
          <button type="button" title={action} onClick={() => onChoose(row.code)}>
            <span class="name">{nameOf(row)}</span>
            <span class="value">
              {format.count(row.count)} <small>{format.percent(row.count / Math.max(total, 1))}</small>
            </span>
            <span class="track" aria-hidden="true">
              <span style={{ width: `${(100 * row.count) / most}%` }} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
