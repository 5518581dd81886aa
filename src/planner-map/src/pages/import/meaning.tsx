import { t, word } from '../../i18n';
import { crs, kind, level, said, source, timeZone, type Preview } from './state';

const systems = ['EPSG:4326', 'GCJ02', 'BD09', 'EPSG:4490', 'EPSG:3857'];
/** What an import can hardly do without, shown first; the rest on demand. */
const usual = ['external_id', 'category', 'lon', 'lat', 'reported_at', 'status', 'severity', 'closed_at', 'due_at', 'title', 'description', 'address'];

/** What the file is of, in which system its coordinates are, and which column is what: guessed, and changed by the person. */
export function Meaning({ seen }: { seen: Preview }) {
  const known = systems.includes(crs.value) || crs.value === '';
  return (
    <section class="meaning">
      <h3>{t('import.meaning')}</h3>
      <div class="fields">
        <label>
          {t('import.kind')}
          <select value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value as typeof kind.value)}>
            <option value="issues">{t('import.kind.issues')}</option>
            <option value="wards">{t('import.kind.wards')}</option>
          </select>
        </label>
        <label>
          {t('import.crs')}
          <select value={known ? crs.value : 'other'} onChange={(event) => (crs.value = event.currentTarget.value === 'other' ? 'EPSG:4547' : event.currentTarget.value)}>
            <option value="">{seen.crs && crs.value === '' ? t('import.crs.found', { crs: seen.crs }) : t('import.crs.file')}</option>
            {systems.map((system) => (
              <option key={system} value={system}>
                {word('crs', system)}
              </option>
            ))}
            <option value="other">{t('import.crs.other')}</option>
          </select>
        </label>
        {!known && <Text label={t('import.crs.name')} value={crs.value} example="EPSG:4547" onChange={(text) => (crs.value = text)} />}
        {kind.value === 'wards' ? (
          <Text label={t('ward.level')} value={level.value} example="community" onChange={(text) => (level.value = text)} />
        ) : (
          <>
            <Text label={t('import.source')} value={source.value} example="hotline" onChange={(text) => (source.value = text)} />
            <Text label={t('import.zone')} value={timeZone.value} example="Asia/Shanghai" onChange={(text) => (timeZone.value = text)} />
          </>
        )}
      </div>
      {seen.kind === 'issues' && (
        <>
          <h3>{t('import.mapping')}</h3>
          <div class="fields">{usual.map((property) => <Column key={property} property={property} seen={seen} />)}</div>
          <details>
            <summary>{t('import.mapping.more')}</summary>
            <div class="fields">
              {seen.properties
                .filter((property) => !usual.includes(property))
                .map((property) => (
                  <Column key={property} property={property} seen={seen} />
                ))}
            </div>
          </details>
        </>
      )}
    </section>
  );
}

/** A text that counts once the field is left; what is typed meanwhile stays, whatever the server answers. */
function Text({ label, value, example, onChange }: { label: string; value: string; example: string; onChange(text: string): void }) {
  return (
    <label>
      {label}
      <input defaultValue={value} placeholder={example} onChange={(event) => onChange(event.currentTarget.value.trim())} />
    </label>
  );
}

function Column({ property, seen }: { property: string; seen: Preview }) {
  const guess = seen.mapping?.[property];
  const isSaid = property in said.value;
  const now = isSaid ? said.value[property] : typeof guess === 'string' ? guess : null;
  return (
    <label class={isSaid ? 'said' : undefined}>
      {word('property', property)}
      <select value={now ?? ''} onChange={(event) => (said.value = { ...said.value, [property]: event.currentTarget.value || null })}>
        <option value="">{t('import.none')}</option>
        {seen.columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
  );
}
