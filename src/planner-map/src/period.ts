/** The time that is looked at; days are those of the city's time zone. */
export type Period =
  | { kind: 'all' }
  /** Counted back from the day of the latest report. */
  | { kind: 'last'; count: number; unit: 'd' | 'm' }
  /** From one day to another, both with all their hours; an end may be open. */
  | { kind: 'between'; from: string | null; to: string | null };

export const everything: Period = { kind: 'all' };

export const presets: readonly Period[] = [
  everything,
  { kind: 'last', count: 7, unit: 'd' },
  { kind: 'last', count: 30, unit: 'd' },
  { kind: 'last', count: 90, unit: 'd' },
  { kind: 'last', count: 12, unit: 'm' },
];

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** How the page's address writes it: nothing, "90d", "12m", "2025-01-01/2025-03-31". */
export function formatPeriod(period: Period): string {
  switch (period.kind) {
    case 'all':
      return '';
    case 'last':
      return `${period.count}${period.unit}`;
    case 'between':
      return `${period.from ?? '..'}/${period.to ?? '..'}`;
  }
}

/** Undoes {@link formatPeriod}; what cannot be read is all the time there is. */
export function parsePeriod(text: string): Period {
  const last = /^(\d{1,4})([dm])$/.exec(text);
  if (last && Number(last[1]) > 0) {
    return { kind: 'last', count: Number(last[1]), unit: last[2] as 'd' | 'm' };
  }
  const ends = text.split('/');
  if (ends.length === 2 && ends.every((end) => end === '..' || isDay(end))) {
    const [from, to] = ends.map((end) => (end === '..' ? null : end)) as [string | null, string | null];
    if ((from || to) && !(from && to && to < from)) {
      return { kind: 'between', from, to };
    }
  }
  return everything;
}

/** First and last day of a period; null where it is open. */
export function daysOf(period: Period, lastDay: string): { from: string | null; to: string | null } {
  switch (period.kind) {
    case 'all':
      return { from: null, to: null };
    case 'between':
      return { from: period.from, to: period.to };
    case 'last': {
      const from = new Date(`${lastDay}T00:00:00Z`);
      if (period.unit === 'd') {
        from.setUTCDate(from.getUTCDate() - period.count + 1);
      } else {
        // A month back from 31 May begins on 1 May: the day after the same day, or the last one, a month earlier.
        const day = from.getUTCDate();
        from.setUTCDate(1);
        from.setUTCMonth(from.getUTCMonth() - period.count);
        const lastOfMonth = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 0)).getUTCDate();
        from.setUTCDate(Math.min(day, lastOfMonth) + 1);
      }
      return { from: from.toISOString().slice(0, 10), to: lastDay };
    }
  }
}

/**
 * The `datetime` parameter of the API for a period.
 * @param lastDay Day of the latest report.
 * @param zone IANA name of the city's time zone.
 * @returns Null for all the time there is.
 */
export function datetimeOf(period: Period, lastDay: string, zone: string): string | null {
  const { from, to } = daysOf(period, lastDay);
  if (!from && !to) {
    return null;
  }
  const start = from ? `${from}T00:00:00${offsetAt(from, '00:00', zone)}` : '..';
  // The end belongs to the interval: the last microsecond that the database tells apart.
  const end = to ? `${to}T23:59:59.999999${offsetAt(to, '23:59', zone)}` : '..';
  return `${start}/${end}`;
}

/** As many days as the period has, just before it; null for a period without a beginning. */
export function before(period: Period, lastDay: string): Period | null {
  const { from, to } = daysOf(period, lastDay);
  if (!from) {
    return null;
  }
  const last = shifted(from, -1);
  const days = Math.round((Date.parse(to ?? lastDay) - Date.parse(from)) / 86_400_000);
  return { kind: 'between', from: shifted(last, -days), to: last };
}

/** The same days a year earlier; null for a period without a beginning. */
export function yearBefore(period: Period, lastDay: string): Period | null {
  const { from, to } = daysOf(period, lastDay);
  // 29 February has no match in most years: its day before has.
  const earlier = (day: string): string => {
    const year = `${Number(day.slice(0, 4)) - 1}`.padStart(4, '0');
    return isDay(year + day.slice(4)) ? year + day.slice(4) : `${year}-02-28`;
  };
  return from ? { kind: 'between', from: earlier(from), to: earlier(to ?? lastDay) } : null;
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The day that it is in a time zone at a moment. */
export function dayIn(zone: string, time: string | number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(time));
}

/** "+08:00": what local clocks are ahead of UTC. */
function offsetAt(day: string, time: string, zone: string): string {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  // The offset of a moment that is off by the offset itself, corrected once: right but for the hour around a change of clocks.
  const first = minutesAhead(asUtc, zone);
  const minutes = minutesAhead(asUtc - first * 60_000, zone);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
}

function minutesAhead(time: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(new Date(time));
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((local - time) / 60_000);
}

function isDay(text: string): boolean {
  return dayPattern.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
