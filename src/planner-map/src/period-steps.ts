import { daysOf, everything, type Period } from './period';

/**
 * Periods of whole steps of a trend: "steps 3 up to 7" as days and back.
 * @remarks Positions count steps from the first day of all reports; n steps have n + 1 edges.
 */
export interface Steps {
  /** First day of each step, ascending; the first one is cut off at the first report. */
  starts: readonly string[];
  /** Last day of the last one. */
  lastDay: string;
}

/** The period from one edge to a later one. All steps are all the time there is. */
export function periodOf(steps: Steps, from: number, to: number): Period {
  const { starts, lastDay } = steps;
  return from <= 0 && to >= starts.length ? everything : { kind: 'between', from: starts[from]!, to: to >= starts.length ? lastDay : dayBefore(starts[to]!) };
}

/** The edges around a period: every step that it touches lies between them. */
export function edgesOf(steps: Steps, period: Period): [from: number, to: number] {
  const { starts, lastDay } = steps;
  const { from, to } = daysOf(period, lastDay);
  const stepAt = (day: string): number => Math.max(starts.findLastIndex((start) => start <= day), 0);
  const first = from === null ? 0 : stepAt(from);
  return [first, Math.max(to === null ? starts.length : stepAt(to) + 1, first + 1)];
}

/** The window moved on by some steps, as wide as before; null when it would leave the steps. */
export function moved(steps: Steps, [from, to]: readonly [number, number], by: number): [number, number] | null {
  return from + by < 0 || to + by > steps.starts.length ? null : [from + by, to + by];
}

function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
