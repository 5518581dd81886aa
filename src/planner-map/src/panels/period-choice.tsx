import { clock } from '../clock';
import * as format from '../format';
import { t } from '../i18n';
import { daysOf, everything, formatPeriod, presets, type Period } from '../period';
import { changeFilter, filter } from '../view';
import { DateFields } from './date-fields';

/** Presets, counted back from the latest report, or two dates. */
export function PeriodChoice() {
  const { period } = filter.value;
  const days = clock.value ? daysOf(period, clock.value.lastDay) : { from: null, to: null };
  return (
    <>
      <ul class="checks">
        {presets.map((preset) => (
          <li key={formatPeriod(preset)}>
            <label>
              <input
                type="radio"
                name="period"
                checked={formatPeriod(preset) === formatPeriod(period)}
                onChange={() => changeFilter({ period: preset })}
              />
              {periodName(preset)}
            </label>
          </li>
        ))}
      </ul>
      <DateFields days={days} onChange={(chosen) => changeFilter({ period: chosen ?? everything })} />
      {clock.value && <p class="quiet">{t('period.hint', { day: format.day(clock.value.lastDay), zone: clock.value.zone })}</p>}
    </>
  );
}

/** What a period is called. */
export function periodName(period: Period): string {
  switch (period.kind) {
    case 'all':
      return t('period.all');
    case 'last':
      return t(period.unit === 'd' ? 'period.days' : 'period.months', { n: period.count });
    case 'between': {
      const [from, to] = [period.from, period.to].map((end) => end && format.day(end));
      return from && to ? `${from} – ${to}` : from ? t('period.since', { day: from }) : t('period.until', { day: to ?? '' });
    }
  }
}
