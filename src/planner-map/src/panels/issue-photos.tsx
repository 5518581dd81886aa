import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addressOf, ApiError, getFile } from '../api';
import { t } from '../i18n';
import { readingKey } from '../key';
import { issuePhotos } from './details-answers';
import { FileLink } from './file-link';
import { ErrorNote } from './parts';

/** Photos of an issue, each opening in its full size; papers as links. */
export function IssuePhotos({ id }: { id: string }) {
  const attachments = issuePhotos.value.value?.attachments ?? [];
  if (attachments.length === 0) {
    return null;
  }
  const path = (n: number): string => `api/issues/${encodeURIComponent(id)}/attachments/${n}`;
  return (
    <section>
      <h3>{t('issue.photos')}</h3>
      <ul class="photos">
        {attachments.map(({ id: n, name, media_type }) => (
          <li key={`${id}:${n}`}>{media_type.startsWith('image/') ? <Photo path={path(n)} name={name} /> : <FileLink path={path(n)} name={name} label={name} open />}</li>
        ))}
      </ul>
    </section>
  );
}

/** A photo, fetched with the key where reading takes one: an image shows none by itself. */
function Photo({ path, name }: { path: string; name: string }) {
  const shown = readingKey.value;
  const address = useSignal<string | null>(null);
  const error = useSignal<ApiError | null>(null);
  const tries = useSignal(0);
  useEffect(() => {
    error.value = null;
    if (shown === '') {
      address.value = addressOf(path);
      return undefined;
    }
    const left = new AbortController();
    let mine: string | null = null;
    getFile(path, { signal: left.signal }).then(
      (photo) => {
        if (!left.signal.aborted) {
          address.value = mine = URL.createObjectURL(photo);
        }
      },
      (failure: unknown) => {
        if (!left.signal.aborted) {
          error.value = failure instanceof ApiError ? failure : new ApiError(0, String(failure));
        }
      },
    );
    return () => {
      left.abort();
      address.value = null;
      if (mine) {
        URL.revokeObjectURL(mine);
      }
    };
  }, [path, shown, tries.value]);
  if (error.value) {
    return <ErrorNote error={error.value} retry={() => tries.value++} />;
  }
  return address.value === null ? (
    <span class="photo-coming" aria-busy="true" aria-label={t('state.loading')} role="status" />
  ) : (
    <a href={address.value} target="_blank" rel="noreferrer">
      <img src={address.value} alt={t('issue.photo', { name })} loading="lazy" />
    </a>
  );
}
