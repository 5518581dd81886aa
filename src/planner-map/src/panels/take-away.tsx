import { useSignal } from '@preact/signals';
import { ApiError } from '../api';
import { circleParameters, patternParameters } from '../methods';
import { main } from '../data';
import { save } from '../files';
import { language, nameOf, t, type MessageKey } from '../i18n';
import { refusalInWords } from '../i18n/server-words';
import type { PlannerMap } from '../map';
import { choices, comparison, filter, layers, selection, type LayerId } from '../view';
import { wardTree } from '../wards';
import { FileLink } from './file-link';
import { otherMap } from './other-map';
import { Popover } from './popover';

/** Everything on the page as something to take along: a picture to print, and the data behind it under the same filter. */
export function TakeAway({ map }: { map: PlannerMap | null }) {
  return (
    <Popover label={t('take')} set={false} title={t('take.title')}>
      <PrintedMap map={map} />
      <h3>{t('take.issues')}</h3>
      <ul class="links">
        {(['csv', 'geojson', 'gpkg'] as const).map((form) => (
          <li key={form}>
            <Filtered path={main.filtered(`api/exports/issues.${form}`)} name={`issues.${form}`} label={t(`take.${form}`)} />
          </li>
        ))}
      </ul>
      <WardReport />
      <AnalysisLinks />
    </Popover>
  );
}

function PrintedMap({ map }: { map: PlannerMap | null }) {
  const title = useSignal(t('print.title'));
  const busy = useSignal(false);
  const failure = useSignal<string | null>(null);
  const print = async (): Promise<void> => {
    busy.value = true;
    failure.value = null;
    try {
      const { printedMap } = await import('../print/print');
      save(await printedMap(title.value, comparison.value && otherMap.value ? [otherMap.value, map!] : [map!]), 'map.png');
    } catch (error) {
      failure.value = error instanceof ApiError ? refusalInWords(error) : '';
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="print">
      <label>
        {t('print.name')}
        <input type="text" value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      <button type="button" class="button primary" disabled={!map || busy.value} onClick={() => void print()}>
        {t(busy.value ? 'print.busy' : 'print')}
      </button>
      <p class="quiet" role="status">
        {failure.value === null ? t('print.about') : `${t('print.failed')} ${failure.value && t('error.why', { why: failure.value })}`}
      </p>
    </div>
  );
}

/** The ward that is looked at, or filtered by, on paper. */
function WardReport() {
  const { wards } = filter.value;
  const code = selection.value?.kind === 'ward' ? selection.value.id : wards.length === 1 ? wards[0]! : null;
  const ward = code === null ? undefined : wardTree.value.byCode.get(code);
  // The ward stands in the path; the rest of the filter holds for it too.
  const query = new URLSearchParams(main.query.value ?? '');
  query.delete('ward');
  query.set('lang', language.value);
  return (
    <>
      <h3>{t('take.report')}</h3>
      {ward && main.query.value !== null ? (
        <p>
          <FileLink path={`api/wards/${encodeURIComponent(ward.code)}/report.pdf?${query}`} name={`${ward.code}.pdf`} label={`${nameOf(ward)} (PDF)`} open />
        </p>
      ) : (
        <p class="quiet">{t('take.report.how')}</p>
      )}
    </>
  );
}

/** What has been computed for the layers on the map, as GeoJSON. */
function AnalysisLinks() {
  const days = main.days.value;
  const paths: [LayerId, string | null][] = [
    ['cells', main.filtered('api/hotspots/gi-star', 'output=significant')],
    ['patterns', days && main.filtered('api/hotspots/emerging', patternParameters(days))],
    ['circles', days && main.filtered('api/hotspots/scan', circleParameters(choices.value.circles, days))],
    ['clusters', main.filtered('api/hotspots/clusters')],
    ['density', main.filtered('api/hotspots/density')],
  ].map(([id, path]) => [id as LayerId, (path as string | 0 | null) || null]);
  const shown = paths.filter(([id]) => layers.value[id].shown);
  return shown.length === 0 ? null : (
    <>
      <h3>{t('take.analyses')}</h3>
      <ul class="links">
        {shown.map(([id, path]) => (
          <li key={id}>
            <Filtered path={path} name={`${id}.geojson`} label={t(`layer.${id}` as MessageKey)} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A file under the filter; nothing as long as that is not known. */
function Filtered({ path, name, label }: { path: string | null; name: string; label: string }) {
  return path === null ? null : <FileLink path={path} name={name} label={label} />;
}
