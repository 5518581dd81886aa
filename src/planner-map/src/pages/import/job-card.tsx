import * as format from '../../format';
import { t, word } from '../../i18n';
import { serverWords } from '../../i18n/server-words';
import { zhImports } from '../../i18n/zh-imports';
import { key } from '../../key';
import { FileLink } from '../../panels/file-link';
import { Facts } from '../../panels/parts';
import { inPageLanguage } from './refused-rows';
import { cancel, choose, kind, type Job } from './state';

/** How far an import is, and what came of it. */
export function JobCard({ job }: { job: Job }) {
  const running = job.state === 'running';
  return (
    <section class="job" aria-label={t('import.job', { id: String(job.id) })}>
      <h2>{word('job', job.state)}</h2>
      {running && (
        <>
          <progress max={1} value={job.progress ?? undefined} />
          <p role="status">
            {t('import.progress', { n: job.rows_read })} {job.seconds_left !== null && t('import.left', { n: Math.ceil(job.seconds_left) })}
          </p>
          <button type="button" class="button" onClick={() => void cancel()}>
            {t('import.cancel')}
          </button>
        </>
      )}
      {job.error !== null && <p class="note bad">{serverWords(job.error, zhImports)}</p>}
      {job.counts && (
        <Facts
          rows={[
            [t('import.loaded'), format.count(job.counts.loaded)],
            [t('import.updated'), format.count(job.counts.updated)],
            [t('import.unchanged'), format.count(job.counts.unchanged)],
            [t('import.not-taken'), format.count(job.counts.refused)],
          ]}
        />
      )}
      {job.warnings.map((warning) => (
        <p key={warning} class="note">
          {serverWords(warning, zhImports)}
        </p>
      ))}
      {!running && (
        <div class="controls">
          {job.counts && job.counts.refused > 0 && (
            <FileLink path={`api/imports/${job.id}/rejects`} name={`import-${job.id}.rejects.csv`} label={t('import.rejects')} class="button" shown={key.value} turn={inPageLanguage} />
          )}
          {job.state === 'done' && (
            <a class="button primary" href={kind.value === 'wards' ? './wards' : './'}>
              {t(kind.value === 'wards' ? 'import.to-wards' : 'import.to-map')}
            </a>
          )}
          <button type="button" class="button" onClick={() => choose(null)}>
            {t('import.next')}
          </button>
        </div>
      )}
    </section>
  );
}
