import { clock } from '../clock';
import * as format from '../format';
import { t } from '../i18n';
import { daysOf, formatPeriod, presets, type Period } from '../period';
import { changeFilter, filter } from '../view';

/** Presets, counted back from the latest report, or two dates. */
export function PeriodChoice() {
  const { period } = filter.value;
  const days = clock.value ? daysOf(period, clock.value.lastDay) : { from: null, to: null };
  const between = (change: { from?: string | null; to?: string | null }): void => {
    const next = { ...days, ...change };
    changeFilter({ period: next.from || next.to ? { kind: 'between', ...ordered(next) } : { kind: 'all' } });
  };
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
      <div class="dates">
        <label>
          {t('period.from')}
          <input type="date" value={days.from ?? ''} onChange={(event) => between({ from: event.currentTarget.value || null })} />
        </label>
        <label>
          {t('period.to')}
          <input type="date" value={days.to ?? ''} onChange={(event) => between({ to: event.currentTarget.value || null })} />
        </label>
      </div>
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

function ordered({ from, to }: { from: string | null; to: string | null }): { from: string | null; to: string | null } {
  return from && to && from > to ? { from: to, to: from } : { from, to };
}
