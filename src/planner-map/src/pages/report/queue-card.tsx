import { categories } from '../../categories';
import { locale, nameOf, t } from '../../i18n';
import { refusalInWords } from '../../i18n/server-words';
import { key } from '../../key';
import { forget, offline, send, sending, sent, waiting, type Waiting } from './queue';

/** What was sent, and what waits on this device and why. */
export function QueueCard() {
  const [last] = sent.value;
  if (waiting.value.length === 0 && last === undefined) {
    return null;
  }
  return (
    <section class="queue" aria-label={t('report.queue')}>
      {last !== undefined && (
        <p class="note" role="status">
          {t('report.sent', { n: sent.value.length })} <a href={`./?select=issue:${last}`}>{t('report.sent.last', { id: String(last) })}</a>
        </p>
      )}
      {waiting.value.length > 0 && (
        <div class="note">
          <p role="status">
            <strong>{t('report.waiting', { n: waiting.value.length })}</strong> {t(sending.value ? 'report.waiting.sending' : key.value === '' ? 'report.waiting.key' : offline.value ? 'report.waiting.offline' : 'report.waiting.soon')}{' '}
            <button type="button" class="link" disabled={sending.value} onClick={() => void send()}>
              {t('report.send-now')}
            </button>
          </p>
          <ul>
            {waiting.value.map((report) => (
              <Row key={report.id} report={report} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Row({ report }: { report: Waiting }) {
  const category = categories.value.byCode.get(report.properties.category);
  const made = new Intl.DateTimeFormat(locale(), { dateStyle: 'short', timeStyle: 'short' }).format(new Date(report.made));
  return (
    <li>
      {category ? nameOf(category) : report.properties.category} <small>{made}</small>
      {report.refused !== null && <small class="bad"> {t('report.refused', { why: refusalInWords({ status: report.refusedBy ?? 400, message: report.refused }) })}</small>}{' '}
      <button type="button" class="link" onClick={() => void (confirm(t('report.forget.sure')) && forget(report.id))}>
        {t('report.forget')}
      </button>
    </li>
  );
}
