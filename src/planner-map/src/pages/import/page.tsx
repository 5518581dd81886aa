import { useSignal } from '@preact/signals';
import * as format from '../../format';
import { t } from '../../i18n';
import { serverWords } from '../../i18n/server-words';
import { zhImports } from '../../i18n/zh-imports';
import { ErrorNote } from '../../panels/parts';
import { Header } from '../header';
import { KeyField } from '../key';
import { JobCard } from './job-card';
import { Meaning } from './meaning';
import { PlacesMap } from './places-map';
import { Refusals, Sample } from './sample';
import { choose, crs, datumWarning, failure, file, job, looking, preview, run, type Preview } from './state';

/** From a file to issues or wards: drop it, look at what the server makes of it, put that right, import. */
export function ImportPage() {
  const seen = preview.value;
  return (
    <>
      <Header current="import" />
      <main class="document import" data-state={looking.value || job.value?.state === 'running' ? 'busy' : 'idle'}>
        <KeyField role="administrator" />
        <Drop />
        {looking.value && <div class="progress" aria-hidden="true" />}
        {failure.value && <ErrorNote error={failure.value} />}
        {job.value ? (
          <JobCard job={job.value} />
        ) : (
          file.value &&
          seen && (
            <div class={looking.value ? 'stale looked' : 'looked'}>
              <Found seen={seen} />
              <Meaning seen={seen} />
              <PlacesMap seen={seen} />
              <Sample seen={seen} />
              <Refusals seen={seen} />
              <div class="title">
                <button type="button" class="button big primary" disabled={looking.value || seen.problem !== null || seen.accepted === 0} onClick={() => void run()}>
                  {seen.is_whole ? t('import.run', { n: seen.accepted }) : t('import.run.all')}
                </button>
              </div>
            </div>
          )
        )}
      </main>
    </>
  );
}

function Drop() {
  const over = useSignal(false);
  return (
    <label
      class={over.value ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        choose(event.dataTransfer?.files[0] ?? null);
      }}
    >
      <strong>{file.value ? file.value.name : t('import.drop')}</strong>
      <span class="quiet">{file.value ? t('import.another') : t('import.kinds')}</span>
      <input class="unseen" type="file" aria-label={t('import.drop')} onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)} />
    </label>
  );
}

/** What was found in one line, what is wrong with it, and what looks odd. */
function Found({ seen }: { seen: Preview }) {
  const right = crs.value === 'GCJ02' ? '' : 'GCJ02';
  return (
    <section aria-label={t('import.found')}>
      {seen.problem === null ? (
        <p class="found" role="status">
          <strong>{format.count(seen.accepted)}</strong> {t(seen.kind === 'wards' ? 'import.accepted.wards' : 'import.accepted', { n: seen.accepted })}, <strong>{format.count(seen.refused)}</strong>{' '}
          {t('import.refused')}
          {seen.outside_wards > 0 && <>, {t('import.outside', { n: seen.outside_wards })}</>}. {!seen.is_whole && t('import.part', { n: seen.rows_read })}
        </p>
      ) : (
        <p class="note bad" role="alert">
          {t('import.problem')} {serverWords(seen.problem, zhImports)}
        </p>
      )}
      {datumWarning.value !== null && (
        <p class="note bad datum-warning" role="alert">
          <strong>{t('import.datum')}</strong> {t('import.datum.about', { n: seen.outside_wards })}{' '}
          <button type="button" class="link" onClick={() => (crs.value = right)}>
            {t(right === '' ? 'import.datum.wgs84' : 'import.datum.gcj02')}
          </button>
          <small> {serverWords(datumWarning.value, zhImports)}</small>
        </p>
      )}
      {seen.warnings
        .filter((warning) => warning !== datumWarning.value)
        .map((warning) => (
          <p key={warning} class="note">
            {serverWords(warning, zhImports)}
          </p>
        ))}
    </section>
  );
}
