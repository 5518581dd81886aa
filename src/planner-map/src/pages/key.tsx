import { t } from '../i18n';
import { keepKey, key, keyRefusal } from '../key';

/** Says plainly what is missing when writing needs a key, and takes it. */
export function KeyField({ role }: { role: 'inspector' | 'administrator' }) {
  const missing = key.value === '' || keyRefusal.value !== null;
  return (
    <details class={missing ? 'key-field note bad' : 'key-field note'} open={missing}>
      <summary>{missing ? t(key.value === '' ? 'key.missing' : 'key.refused') : t('key.there')}</summary>
      <p>{t(role === 'inspector' ? 'key.why.inspector' : 'key.why.administrator')}</p>
      {keyRefusal.value !== null && <p class="quiet">{keyRefusal.value}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keepKey(String(new FormData(event.currentTarget).get('key') ?? ''));
        }}
      >
        <input type="password" name="key" autocomplete="off" placeholder="gs_…" aria-label={t('key.label')} defaultValue={key.value} />
        <button type="submit" class="button">
          {t('key.keep')}
        </button>
      </form>
    </details>
  );
}
