import type { Explain, HeatmapLegend } from '../api';
import * as format from '../format';
import { t, word } from '../i18n';
import { serverWords } from '../i18n/server-words';
import { zhExplain } from '../i18n/zh-explain';

type HowComputedProps = { method: 'heatmap'; legend: HeatmapLegend } | { method: 'gi-star' | 'emerging' | 'scan' | 'dbscan' | 'density'; explain: Explain };

/** What a result means in one sentence, and how it was computed: parameters, who chose them and why, what was counted and left out. */
export function HowComputed(props: HowComputedProps) {
  return (
    <details class="how">
      <summary>{t(`method.${props.method}`)}</summary>
      {props.method === 'heatmap' ? (
        <p>{t('method.heatmap.about', { bandwidth: format.distance(props.legend.bandwidth_m) })}</p>
      ) : (
        <Analysis method={props.method} explain={props.explain} />
      )}
    </details>
  );
}

/** What the method does, with this result's own numbers. */
export function inWords(explain: Explain): string {
  const value = (name: string): number => Number(explain.parameters[name]?.value);
  switch (explain.method) {
    case 'gi-star':
      return t('method.gi-star.about', {
        n: Number(explain.cells),
        size: format.distance(value('size')),
        distance: format.distance(value('distance')),
        alpha: format.percent(value('alpha')),
      });
    case 'dbscan':
      return t('method.dbscan.about', { min: value('min_points'), eps: format.distance(value('eps')), noise: Number(explain.noise) });
    case 'emerging':
      return t('method.emerging.about', { n: Number(explain.cells), size: format.distance(value('size')), steps: value('steps'), step: word('step', String(explain.parameters.step?.value)) });
    case 'scan':
      return t(explain.parameters.model?.value === 'poisson' ? 'method.scan.about.place' : 'method.scan.about.rise', { radius: format.distance(value('max_radius')), n: value('replications') });
    case 'density':
      return t('method.density.about', { bandwidth: format.distance(value('bandwidth')), peak: format.amount(Number(explain.peak_per_km2)) });
    default:
      return '';
  }
}

function Analysis({ explain }: { method: string; explain: Explain }) {
  return (
    <>
      <p>{inWords(explain)}</p>
      <table>
        <caption>{t('explain.parameters')}</caption>
        <tbody>
          {Object.entries(explain.parameters).map(([name, parameter]) => (
            <tr key={name}>
              <th scope="row">{word('parameter', name)}</th>
              <td>
                {parameterText(name, parameter.value)}
                <small>
                  {because(word('rule', parameter.chosen_by), parameter.reason)}
                </small>
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t('explain.issues')}</th>
            <td>{format.count(explain.issues)}</td>
          </tr>
          {explain.excluded_default_points > 0 && (
            <tr>
              <th scope="row">{t('explain.excluded')}</th>
              <td>{format.count(explain.excluded_default_points)}</td>
            </tr>
          )}
          <tr>
            <th scope="row">{t('explain.crs')}</th>
            <td>
              {explain.crs}
              <small>{because(explain.crs_title, explain.crs_reason)}</small>
            </td>
          </tr>
          <tr>
            <th scope="row">{t('explain.data-version')}</th>
            <td class="version">{explain.data_version}</td>
          </tr>
        </tbody>
      </table>
      {explain.warnings.map((warning) => (
        <p class="note" key={warning}>
          {serverWords(warning, zhExplain)}
        </p>
      ))}
    </>
  );
}

/** Something that was chosen, with the server's reason where it has one. */
function because(what: string, why: string | undefined): string {
  return why ? t('explain.because', { what, why: serverWords(why, zhExplain) }) : what;
}

const meters = ['size', 'distance', 'eps', 'bandwidth', 'max_radius'];

function parameterText(name: string, value: Explain['parameters'][string]['value']): string {
  if (value === null) {
    return t('value.contiguity');
  }
  if (typeof value === 'number') {
    return meters.includes(name) ? format.distance(value) : format.amount(value);
  }
  if (Array.isArray(value)) {
    return value.map(format.amount).join(', ');
  }
  return word(`value.${name}`, String(value), word('value', String(value)));
}
