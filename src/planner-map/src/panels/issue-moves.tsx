import { useSignal } from '@preact/signals';
import type { ApiError } from '../api';
import { t, word, type MessageKey } from '../i18n';
import { keepKey, key } from '../key';
import { move, moves, moving, outcome, type Moves } from '../moves';
import { KeyForm } from './key-form';
import { ErrorNote } from './parts';

/** Moves an issue along its life, for those whose key may. */
export function IssueMoves({ id, etag }: { id: string; etag: string | null }) {
  const answer = moves.value;
  const last = outcome.value?.id === id ? outcome.value : null;
  return (
    <section class="moves">
      <h3>{t('moves')}</h3>
      {last && (last.error ? <Refusal error={last.error} /> : <p class="note good" role="status">{t('moves.done')}</p>)}
      {key.value === '' && <KeyForm refusal={null} hint={t('moves.key.hint')} />}
      {key.value !== '' && answer.error && (answer.error.status === 401 ? <KeyForm refusal={401} hint={t('moves.key.hint')} /> : <ErrorNote error={answer.error} retry={moves.retry} />)}
      {key.value !== '' && !answer.error && answer.value && (
        <>
          {answer.value.moves.length === 0 && <p class="quiet">{t('moves.ended')}</p>}
          {answer.value.moves.map((one) => (
            <Move key={one.to} id={id} etag={etag} one={one} />
          ))}
          <p class="quiet">
            {t('moves.as', { name: answer.value.caller })}{' '}
            <button type="button" class="link" onClick={() => keepKey('')}>
              {t('key.forget')}
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

/** Why a move was refused, in plain words. */
function Refusal({ error }: { error: ApiError }) {
  const words = ({ 401: 'moves.error.401', 403: 'moves.error.403', 404: 'moves.error.404', 409: 'moves.error.409', 412: 'moves.error.412' } as Record<number, MessageKey>)[error.status];
  return words ? (
    <p class="note bad" role="alert">
      {t(words)}
    </p>
  ) : (
    <ErrorNote error={error} />
  );
}
