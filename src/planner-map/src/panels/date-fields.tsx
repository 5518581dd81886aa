import { t } from '../i18n';
import type { Period } from '../period';

/** First and last day of a period, of which one may be missing: YYYY-MM-DD. */
interface Days {
  from: string | null;
  to: string | null;
}

/**
 * Two dates to choose a period by, in whichever order they are given.
 * @param onChange Told of the period; null when both dates are gone.
 */
export function DateFields({ days, onChange }: { days: Days; onChange(period: Period | null): void }) {
  const choose = ({ from, to }: Days): void => onChange(from || to ? { kind: 'between', ...(from && to && from > to ? { from: to, to: from } : { from, to }) } : null);
  return (
    <div class="dates">
      <label>
        {t('period.from')}
        <input type="date" value={days.from ?? ''} onChange={(event) => choose({ ...days, from: event.currentTarget.value || null })} />
      </label>
      <label>
        {t('period.to')}
        <input type="date" value={days.to ?? ''} onChange={(event) => choose({ ...days, to: event.currentTarget.value || null })} />
      </label>
    </div>
  );
}
