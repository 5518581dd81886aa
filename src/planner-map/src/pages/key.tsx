import { signal } from '@preact/signals';
import { t } from '../i18n';

const place = 'geosan-key';

/** The API key of this browser; empty for none. It stays on the device. */
export const key = signal(localStorage.getItem(place) ?? '');

/** What the server said of the key when it was shown last: null as long as it was not refused. */
export const keyRefusal = signal<string | null>(null);

export function keepKey(text: string): void {
  key.value = text.trim();
  keyRefusal.value = null;
  localStorage.setItem(place, key.value);
}

/** Headers that show the key, where there is one. */
export function keyHeaders(): Record<string, string> {
  return key.value === '' ? {} : { 'X-Api-Key': key.value };
}

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
