import type { CircleProperties, PatternProperties } from '../api';
import { chosen, clock, main, type Answers } from '../data';
import * as format from '../format';
import { nameOf, t, word } from '../i18n';
import { groupOf } from '../methods';
import { comparison, filter } from '../view';
import { wardsAround } from './details-answers';
import { HowComputed } from './explain';
import { placeName } from './numbers';
import { Facts, Figure } from './parts';
import { PlaceAnswer } from './place-answer';
import { periodName } from './period-choice';

/** A cell with a pattern over time. */
export function Pattern({ id }: { id: string }) {
  const { patterns } = chosen.value;
  const cell = patternOf(id, chosen.value);
  const explain = patterns.value.value?.explain;
  if (!cell || !explain) {
    return <p class="quiet">{patterns.value.loading ? t('state.loading') : t('pattern.gone')}</p>;
  }
  const around = wardsAround.value.value?.features.map((f) => f.properties) ?? [];
  const steps = Number(explain.parameters.steps?.value);
  const step = word('step', String(explain.parameters.step?.value));
  return (
    <>
      <h2>{patternTitle(cell.pattern)}</h2>
      {around.length > 0 && <p class="quiet">{around.map(nameOf).join(' › ')}</p>}
      <p>{word('pattern-name', cell.pattern.replaceAll(' ', '-'))}</p>
      <dl class="figures">
        <Figure label={t('cell.count')} value={format.count(cell.count)} />
        <Figure label={t('pattern.hot-steps')} value={format.count(cell.hot_steps)} note={t('pattern.of-steps', { n: steps, step })} />
        <Figure label="z" value={format.amount(cell.z)} note={t('pattern.z')} />
      </dl>
      <Facts
        rows={[
          [t('pattern.cold-steps'), cell.cold_steps > 0 ? format.count(cell.cold_steps) : null],
          [t('pattern.trend'), `z = ${format.amount(cell.trend_z)}, p ${format.related(cell.trend_p)}`],
          [t('cell.id'), cell.cell],
        ]}
      />
      <HowComputed method="emerging" explain={explain} />
      <PlaceAnswer />
    </>
  );
}

/** A circle with more issues than chance would put there. */
export function Circle({ id }: { id: string }) {
  const { circles } = chosen.value;
  const circle = circleOf(Number(id), chosen.value);
  const explain = circles.value.value?.explain;
  if (!circle || !explain) {
    return <p class="quiet">{circles.value.loading ? t('state.loading') : t('circle.gone')}</p>;
  }
  return (
    <>
      <h2>{t('circle.name')}</h2>
      <p class="quiet">{placeName(circle.wards)}</p>
      <p>{t(circle.start ? 'circle.rise' : 'circle.place', { times: format.amount(circle.relative_risk), period: periodOf(circle, chosen.value) })}</p>
      <dl class="figures">
        <Figure label={t('circle.observed')} value={format.count(circle.observed)} note={t('circle.expected', { n: format.amount(circle.expected) })} />
        <Figure label={t('circle.risk')} value={`× ${format.amount(circle.relative_risk)}`} />
        <Figure label="p" value={format.probability(circle.p)} note={t('circle.p')} />
      </dl>
      <Facts
        rows={[
          [t('circle.period'), periodOf(circle, chosen.value)],
          [t('circle.radius'), format.distance(circle.radius_m)],
          [t('circle.llr'), format.amount(circle.llr)],
        ]}
      />
      <HowComputed method="scan" explain={explain} />
      <PlaceAnswer />
    </>
  );
}

/** "New", or what else the group of a pattern is called. */
export function patternTitle(pattern: string): string {
  const group = groupOf(pattern);
  return group ? t(`pattern.${group}`) : '';
}

/** In how many of the steps it was hot, or cold. */
export function patternLine(cell: string, answers: Answers): string {
  const properties = patternOf(cell, answers);
  const explain = answers.patterns.value.value?.explain;
  if (!properties || !explain) {
    return '';
  }
  const isCold = groupOf(properties.pattern) === 'cold';
  return t(isCold ? 'pattern.line.cold' : 'pattern.line', {
    n: isCold ? properties.cold_steps : properties.hot_steps,
    steps: Number(explain.parameters.steps?.value),
    step: word('step', String(explain.parameters.step?.value)),
    issues: properties.count,
    z: format.amount(properties.z),
  });
}

/** Counts, p and time of a circle. */
export function circleLine(rank: number, answers: Answers): string {
  const circle = circleOf(rank, answers);
  return circle
    ? t('circle.line', { n: circle.observed, expected: format.amount(circle.expected), p: format.related(circle.p), period: periodOf(circle, answers) })
    : '';
}

function patternOf(cell: string, { patterns: answer }: Answers): PatternProperties | undefined {
  return answer.value.value?.features.find((f) => f.properties.cell === cell)?.properties;
}

function circleOf(rank: number, { circles: answer }: Answers): CircleProperties | undefined {
  return answer.value.value?.features.find((f) => f.properties.rank === rank)?.properties;
}

/** The circle's own time, or that of the filter. */
function periodOf({ start, end }: CircleProperties, answers: Answers): string {
  const whole = answers === main ? filter.value.period : comparison.value!.period;
  const zone = clock.value?.zone ?? 'UTC';
  // The end is the first moment after it.
  return start && end ? `${format.day(start, zone)} – ${format.day(new Date(Date.parse(end) - 1).toISOString(), zone)}` : periodName(whole);
}
