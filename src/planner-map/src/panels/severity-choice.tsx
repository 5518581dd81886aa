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
      <End label={t('filter.severity.lowest')} value={lowest} onChange={(n) => choose([n, Math.max(n, highest)])} />
      <End label={t('filter.severity.highest')} value={highest} onChange={(n) => choose([Math.min(n, lowest), n])} />
    </div>
  );
}

function End({ label, value, onChange }: { label: string; value: number; onChange(n: number): void }) {
  return (
    <label class="choose">
      {label}
      <select value={value} onChange={(event) => onChange(+event.currentTarget.value)}>
        {steps.map((n) => (
          <option key={n} value={n}>
            {n}
          </option>
        ))}
      </select>
    </label>
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
