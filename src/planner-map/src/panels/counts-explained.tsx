import { t, word } from '../i18n';
import { FileLink } from './file-link';

const statistics = ['total', 'open', 'overdue', 'relapses', 'trend', 'responsible'] as const;

/**
 * What the numbers mean, one sentence each, and how they were counted: the request itself, and the version of the data.
 * @param path The request that they answer.
 */
export function CountsExplained({ path, version }: { path: string; version: string }) {
  const parameters = [...new URL(path, 'http://server').searchParams];
  return (
    <details class="how">
      <summary>{t('counts.title')}</summary>
      <dl class="meanings">
        {statistics.map((name) => (
          <div key={name}>
            <dt>{t(`counts.${name}`)}</dt>
            <dd>{t(`counts.${name}.about`)}</dd>
          </div>
        ))}
      </dl>
      <table>
        <caption>{t('counts.how')}</caption>
        <tbody>
          {parameters.length === 0 && (
            <tr>
              <td colSpan={2}>{t('counts.everything')}</td>
            </tr>
          )}
          {parameters.map(([name, value]) => (
            <tr key={`${name}=${value}`}>
              <th scope="row">{word('filter-parameter', name)}</th>
              <td class="version">{value}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t('explain.data-version')}</th>
            <td class="version">{version}</td>
          </tr>
        </tbody>
      </table>
      <p>
        <FileLink path={path} name="summary.json" label={t('counts.data')} open />
      </p>
    </details>
  );
}
