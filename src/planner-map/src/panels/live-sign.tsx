import { t } from '../i18n';
import { connection } from '../live';

/** Whether what is shown follows the data; nothing as long as that is not known. */
export function LiveSign() {
  return (
    <p class="live" role="status" data-connection={connection.value} title={t('live.about')} hidden={connection.value === 'no'}>
      <span class="dot" aria-hidden="true" />
      {connection.value === 'no' ? '' : t(connection.value === 'yes' ? 'live' : 'live.lost')}
    </p>
  );
}
