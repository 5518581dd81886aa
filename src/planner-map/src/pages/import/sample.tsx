import { t } from '../../i18n';
import { serverWords } from '../../i18n/server-words';
import { zhImports } from '../../i18n/zh-imports';
import type { Preview } from './state';

/** The first rows as they stand in the file. */
export function Sample({ seen }: { seen: Preview }) {
  const title = t('import.sample', { n: seen.sample.length });
  return (
    <section>
      <h3>{title}</h3>
      <div class="table-room" tabIndex={0} role="region" aria-label={title}>
        <table class="wards sample">
          <thead>
            <tr>
              {seen.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.sample.map((row, i) => (
              <tr key={i}>{row ? row.map((value, column) => <td key={column}>{value}</td>) : <td colSpan={seen.columns.length}>{t('import.broken')}</td>}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Why rows would be refused, for the first of them. */
export function Refusals({ seen }: { seen: Preview }) {
  return seen.refusals.length === 0 ? null : (
    <details class="how">
      <summary>{t('import.refusals', { n: seen.refused })}</summary>
      <table>
        <tbody>
          {seen.refusals.map((r) => (
            <tr key={r.line}>
              <th scope="row">{t('import.line', { n: String(r.line), column: r.column })}</th>
              <td>
                {serverWords(r.reason, zhImports)} {r.value !== '' && <code>{r.value}</code>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
