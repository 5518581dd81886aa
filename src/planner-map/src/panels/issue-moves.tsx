import { useSignal } from '@preact/signals';
import type { ApiError } from '../api';
import { t, word, type MessageKey } from '../i18n';
import { apiKey, keepKey } from '../key';
import { move, moves, moving, outcome, type Moves } from '../moves';
import { ErrorNote } from './parts';

/** Moves an issue along its life, for those whose key may. */
export function IssueMoves({ id, etag }: { id: string; etag: string | null }) {
  const answer = moves.value;
  const last = outcome.value?.id === id ? outcome.value : null;
  return (
    <section class="moves">
      <h3>{t('moves')}</h3>
      {last && (last.error ? <Refusal error={last.error} /> : <p class="note good" role="status">{t('moves.done')}</p>)}
      {apiKey.value === null && <KeyForm />}
      {apiKey.value !== null && answer.error && (answer.error.status === 401 ? <KeyForm refused /> : <ErrorNote error={answer.error} retry={moves.retry} />)}
      {apiKey.value !== null && !answer.error && answer.value && (
        <>
          {answer.value.moves.length === 0 && <p class="quiet">{t('moves.ended')}</p>}
          {answer.value.moves.map((one) => (
            <Move key={one.to} id={id} etag={etag} one={one} />
          ))}
          <p class="quiet">
            {t('moves.as', { name: answer.value.caller })}{' '}
            <button type="button" class="link" onClick={() => keepKey(null)}>
              {t('moves.forget')}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function Move({ id, etag, one }: { id: string; etag: string | null; one: Moves['moves'][number] }) {
  const note = useSignal('');
  const asked = useSignal(false);
  const needed = one.needs_note && note.value.trim() === '';
  if (!one.allowed) {
    return <p class="quiet">{t('moves.not-yours', { to: word('move', one.to), role: word('role', one.role) })}</p>;
  }
  const go = (event: Event): void => {
    event.preventDefault();
    if (!asked.value) {
      asked.value = true;
    } else if (!needed) {
      void move(id, one.to, note.value.trim() === '' ? null : note.value.trim(), etag);
    }
  };
  return (
    <form class="move" onSubmit={go}>
      {asked.value && (
        <label>
          {t(one.needs_note ? 'moves.reason' : 'moves.note')}
          <textarea rows={2} maxLength={2000} required={one.needs_note} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} autoFocus />
        </label>
      )}
      <button type="submit" class={asked.value ? 'button primary' : 'button'} disabled={moving.value || (asked.value && needed)}>
        {word('move', one.to)}
      </button>
      {asked.value && (
        <button type="button" class="link" onClick={() => (asked.value = false)}>
          {t('draw.cancel')}
        </button>
      )}
    </form>
  );
}

function KeyForm({ refused }: { refused?: boolean }) {
  const text = useSignal('');
  const enter = (event: Event): void => {
    event.preventDefault();
    if (text.value.trim() !== '') {
      keepKey(text.value.trim());
    }
  };
  return (
    <form class="key-form" onSubmit={enter}>
      <p class={refused ? 'note bad' : 'quiet'} role={refused ? 'alert' : undefined}>
        {t(refused ? 'moves.key.refused' : 'moves.key.hint')}
      </p>
      <div class="line">
        <input type="password" autoComplete="off" placeholder="gs_…" aria-label={t('moves.key')} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <button type="submit" class="button">
          {t('moves.key.use')}
        </button>
      </div>
    </form>
  );
}

/** Why a move was refused, in plain words. */
function Refusal({ error }: { error: ApiError }) {
  const key = ({ 401: 'moves.error.401', 403: 'moves.error.403', 404: 'moves.error.404', 409: 'moves.error.409', 412: 'moves.error.412' } as Record<number, MessageKey>)[error.status];
  return key ? (
    <p class="note bad" role="alert">
      {t(key)}
    </p>
  ) : (
    <ErrorNote error={error} />
  );
}
