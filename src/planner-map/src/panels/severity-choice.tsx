import { t } from '../i18n';
import { anySeverity, changeFilter, filter, type Filter } from '../view';

type Severity = Filter['severity'];

const steps = [1, 2, 3, 4, 5];

/** From how severe to how severe: two ends that push each other along, so that they never cross. */
export function SeverityChoice() {
  const [lowest, highest] = filter.value.severity;
  const choose = (severity: Severity): void => changeFilter({ severity: isAnySeverity(severity) ? anySeverity : severity });
  return (
    <div class="severity-range">
      <label class="choose">
        {t('filter.severity.lowest')}
        <select value={lowest} onChange={({ currentTarget: { value } }) => choose([+value, Math.max(+value, highest)])}>
          {steps.map((n) => (
            <option key={n} value={n}>
              {n}
            </option>
          ))}
        </select>
      </label>
      <label class="choose">
        {t('filter.severity.highest')}
        <select value={highest} onChange={({ currentTarget: { value } }) => choose([Math.min(+value, lowest), +value])}>
          {steps.map((n) => (
            <option key={n} value={n}>
              {n}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

export function isAnySeverity([lowest, highest]: Severity): boolean {
  return lowest === anySeverity[0] && highest === anySeverity[1];
}

/** "Severity 3 or higher", "Severity 2–4", "Severity 5", "Any severity". */
export function severityName(severity: Severity): string {
  const [lowest, highest] = severity;
  if (isAnySeverity(severity)) {
    return t('filter.severity.any');
  }
  return highest === 5 && lowest < 5 ? t('filter.severity.from', { n: lowest }) : t('filter.severity.only', { n: lowest === highest ? `${lowest}` : `${lowest}–${highest}` });
}
