import { t } from '../i18n';
import { key, keyRefusal } from '../key';
import { KeyForm } from '../panels/key-form';

/** Says plainly what is missing when writing needs a key, and takes it. */
export function KeyField({ role }: { role: 'inspector' | 'administrator' }) {
  const missing = key.value === '' || keyRefusal.value !== null;
  return (
    <details class={missing ? 'key-field note bad' : 'key-field note'} open={missing}>
      <summary>{missing ? t(key.value === '' ? 'key.missing' : 'key.refused') : t('key.there')}</summary>
      <KeyForm refusal={keyRefusal.value} hint={t(role === 'inspector' ? 'key.why.inspector' : 'key.why.administrator')} />
    </details>
  );
}
