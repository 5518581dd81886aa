import { addressOf } from '../api';
import { download, downloads } from '../files';
import * as format from '../format';
import { t } from '../i18n';
import { readingKey } from '../key';
import { ErrorNote } from './parts';

interface FileLinkProps {
  path: string;
  /** What the file is called on the device. */
  name: string;
  label: string;
  class?: string;
  /** Whether the browser shows it in a window of its own, where no key is needed. */
  open?: boolean;
  /** The key it takes; that for reading, if it takes one, unless said otherwise. */
  shown?: string;
  /** Makes of a file that takes a key what is handed over. */
  turn?: (file: Blob) => Promise<Blob>;
}

/** Leads to a file of the server: a plain link, which the browser can stop and go on with, or a button that fetches it with the key where it takes one. */
export function FileLink({ path, name, label, class: look = 'link', open = false, shown = readingKey.value, turn }: FileLinkProps) {
  if (shown === '') {
    return (
      <a class={look} href={addressOf(path)} {...(open ? { target: '_blank', rel: 'noopener' } : { download: name })}>
        {label}
      </a>
    );
  }
  const now = downloads.value.get(path);
  const busy = now !== undefined && 'bytes' in now;
  return (
    <>
      <button type="button" class={look} aria-busy={busy} disabled={busy} onClick={() => void download(path, name, shown, turn)}>
        {label}
      </button>
      {busy && (
        <span class="quiet" role="status">
          {t('file.coming', { size: format.bytes(now.bytes) })}
        </span>
      )}
      {now && 'error' in now && <ErrorNote error={now.error} />}
    </>
  );
}
