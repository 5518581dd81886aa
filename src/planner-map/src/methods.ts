import type { Choices } from './view';

/** Patterns are told by at least so many steps. */
const fewestSteps = 10;

/** Days of a step of time, by the API's name for it. */
const stepDays = { month: 30.4, week: 7, day: 1 } as const;
type Step = keyof typeof stepDays;

/** Farther apart, and one circle would take in half the city: true, and of no use to whoever sends out a crew. */
const widestMeters = 1000;

/** A rise that began longer ago is no news. */
const longestDays = 90;

/** The longest step that cuts a period into enough parts: months for a year, days for a month. */
export function stepOf(days: number): Step {
  return (['month', 'week'] as const).find((step) => days >= fewestSteps * stepDays[step]) ?? 'day';
}

/** How patterns over time are asked for, beside the filter. @param days Of the period. */
export function patternParameters(days: number): string {
  return `step=${stepOf(days)}&output=significant`;
}

/**
 * How circles are asked for, beside the filter.
 * @param days Of the period.
 * @remarks A rise is what goes beyond both the place's own and the time's own number of issues (space-time permutation) and lasts to the end of the period;
 * steps of a week and fewer random data sets keep that within seconds.
 */
export function circleParameters(question: Choices['circles'], days: number): string {
  if (question === 'place') {
    return `max_radius=${widestMeters}`;
  }
  const step = days >= fewestSteps * stepDays.week ? 'week' : 'day';
  const most = Math.max(1, Math.min(longestDays, Math.floor(days / 2)));
  return `model=space-time-permutation&prospective=true&step=${step}&max_days=${most}&max_radius=${widestMeters}&replications=199`;
}

/** Groups of patterns that a person tells apart, from what needs looking at first. */
export const patternGroups = ['new', 'worse', 'again', 'steady', 'easing', 'past', 'cold'] as const;
export type PatternGroup = (typeof patternGroups)[number];

const hotPatterns: Record<PatternGroup, readonly string[]> = {
  new: ['new', 'consecutive'],
  worse: ['intensifying'],
  again: ['sporadic', 'oscillating'],
  steady: ['persistent'],
  easing: ['diminishing'],
  past: ['historical'],
  cold: [],
};

const coldPatterns = ['new', 'consecutive', 'intensifying', 'persistent', 'diminishing', 'sporadic', 'oscillating', 'historical'];

/** The API's names of the patterns in a group: "new hot spot". */
export function patternsIn(group: PatternGroup): string[] {
  return group === 'cold' ? coldPatterns.map((name) => `${name} cold spot`) : hotPatterns[group].map((name) => `${name} hot spot`);
}

/** The group of a pattern; undefined where there is no pattern. */
export function groupOf(pattern: string): PatternGroup | undefined {
  return patternGroups.find((group) => patternsIn(group).includes(pattern));
}
