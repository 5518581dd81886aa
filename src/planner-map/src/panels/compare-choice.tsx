import { clock } from '../data';
import { t } from '../i18n';
import { before, daysOf, formatPeriod, yearBefore, type Period } from '../period';
import { changeFilter, comparison, filter, type Comparison } from '../view';
import { DateFields } from './date-fields';
import { periodName } from './period-choice';
import { Popover } from './popover';

/** What is compared when the whole time is looked at: two maps of the same would say nothing. */
const firstPeriod: Period = { kind: 'last', count: 90, unit: 'd' };

/** A second period on a map of its own: which one, and how the two maps lie. */
export function CompareChoice() {
  const now = comparison.value;
  const lastDay = clock.value?.lastDay;
  const period = filter.value.period.kind === 'all' ? firstPeriod : filter.value.period;
  const presets = lastDay ? ([['before', before(period, lastDay)], ['year', yearBefore(period, lastDay)]] as const) : [];
  const days = now && lastDay ? daysOf(now.period, lastDay) : { from: null, to: null };
  return (
    <Popover label={t('compare')} set={now !== null} title={t('compare.title')}>
      <p class="quiet">{t('compare.about', { period: periodName(period) })}</p>
      <ul class="checks">
        <li>
          <label>
            <input type="radio" name="compare" checked={now === null} onChange={() => (comparison.value = null)} />
            {t('compare.none')}
          </label>
        </li>
        {presets.map(
          ([name, preset]) =>
            preset && (
              <li key={name}>
                <label>
                  <input type="radio" name="compare" checked={now !== null && formatPeriod(now.period) === formatPeriod(preset)} onChange={() => start(preset)} />
                  <span class="name">
                    {t(`compare.${name}`)}
                    <small>{periodName(preset)}</small>
                  </span>
                </label>
              </li>
            ),
        )}
      </ul>
      <DateFields days={days} onChange={(chosen) => chosen && start(chosen)} />
      {now && (
        <div class="choice" role="radiogroup" aria-label={t('compare.as')}>
          {(['side', 'swipe'] as const).map((as) => (
            <label key={as}>
              <input type="radio" name="compare-as" checked={now.as === as} onChange={() => change({ as })} />
              {t(`compare.${as}`)}
            </label>
          ))}
        </div>
      )}
    </Popover>
  );
}

function start(period: Period): void {
  if (filter.value.period.kind === 'all') {
    changeFilter({ period: firstPeriod });
  }
  comparison.value = { as: 'side', edge: 0.5, ...comparison.value, period };
}

function change(part: Partial<Comparison>): void {
  comparison.value = comparison.value && { ...comparison.value, ...part };
}
