import { useSignal } from '@preact/signals';
import { t } from '../i18n';
import { keepKey, key, type KeyRefusal } from '../key';

/**
 * Takes the API key of the person, on every page, or forgets it.
 * @param refusal Why the one that is kept did not work.
 * @param hint What it is good for, and where one comes from.
 */
export function KeyForm({ refusal, hint }: { refusal: KeyRefusal | null; hint: string }) {
  const text = useSignal('');
  const enter = (event: Event): void => {
    event.preventDefault();
    if (text.value.trim() !== '') {
      keepKey(text.value);
      text.value = '';
    }
  };
  return (
    <form class="key-form" onSubmit={enter}>
      {refusal !== null && (
        <p class="bad" role="alert">
          {t(refusal === 401 ? 'key.unknown' : 'key.not-its-role')}
        </p>
      )}
      <p class="quiet">{hint}</p>
      <div class="line">
        <input type="password" name="key" autoComplete="off" placeholder="gs_…" aria-label={t('key.label')} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <button type="submit" class="button">
          {t('key.use')}
        </button>
      </div>
      {key.value !== '' && (
        <button type="button" class="link" onClick={() => keepKey('')}>
          {t('key.forget')}
        </button>
      )}
    </form>
  );
}

/** What stands in place of an answer that takes a key. */
export function KeyNeeded() {
  return (
    <div class="note" role="alert">
      <strong>{t('key.reading')}</strong>
      <KeyForm refusal={key.value === '' ? null : 401} hint={t('key.reading.hint')} />
    </div>
  );
}
