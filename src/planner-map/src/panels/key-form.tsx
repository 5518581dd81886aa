import { useSignal } from '@preact/signals';
import { t } from '../i18n';
import { keepKey, key } from '../key';

/**
 * Takes the API key of the person.
 * @param refused Whether the one before did not work.
 * @param hint What it is good for.
 */
export function KeyForm({ refused, hint }: { refused: boolean; hint: string }) {
  const text = useSignal('');
  const enter = (event: Event): void => {
    event.preventDefault();
    if (text.value.trim() !== '') {
      keepKey(text.value);
    }
  };
  return (
    <form class="key-form" onSubmit={enter}>
      <p class={refused ? 'note bad' : 'quiet'} role={refused ? 'alert' : undefined}>
        {refused ? t('key.unknown') : hint}
      </p>
      <div class="line">
        <input type="password" autoComplete="off" placeholder="gs_…" aria-label={t('key.label')} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <button type="submit" class="button">
          {t('key.use')}
        </button>
      </div>
    </form>
  );
}

/** What stands in place of an answer that takes a key. */
export function KeyNeeded() {
  return (
    <div class="note" role="alert">
      <strong>{t('key.reading')}</strong>
      <KeyForm refused={key.value !== ''} hint={t('key.reading.hint')} />
    </div>
  );
}
