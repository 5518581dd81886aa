import { addressOf } from '../api';
import { t } from '../i18n';
import { issuePhotos } from './details-answers';

/** Photos of an issue, each opening in its full size; papers as links. */
export function IssuePhotos({ id }: { id: string }) {
  const attachments = issuePhotos.value.value?.attachments ?? [];
  if (attachments.length === 0) {
    return null;
  }
  const address = (n: number): string => addressOf(`api/issues/${encodeURIComponent(id)}/attachments/${n}`);
  return (
    <section>
      <h3>{t('issue.photos')}</h3>
      <ul class="photos">
        {attachments.map(({ id: n, name, media_type }) => (
          <li key={n}>
            <a href={address(n)} target="_blank" rel="noreferrer">
              {media_type.startsWith('image/') ? <img src={address(n)} alt={t('issue.photo', { name })} loading="lazy" /> : name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
