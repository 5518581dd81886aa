import { locale } from './i18n';

/** 20,134 */
export function count(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/** Three significant digits: 0.00123, 12.3, 4,560. */
export function amount(n: number): string {
  const digits = Math.abs(n) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(locale(), digits).format(n);
}

/** 12 % */
export function percent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 }).format(share);
}

/** 350 m or 1.2 km */
export function distance(meters: number): string {
  return meters < 1000 ? `${amount(Math.round(meters))} m` : `${amount(meters / 1000)} km`;
}

/** 3,400 m² or 1.2 km² */
export function area(squareMeters: number): string {
  return squareMeters < 100_000 ? `${amount(Math.round(squareMeters))} m²` : `${amount(squareMeters / 1e6)} km²`;
}

/** 12 kB, 3.4 MB */
export function bytes(n: number): string {
  return n < 1e6 ? `${amount(Math.round(n / 1000))} kB` : `${amount(n / 1e6)} MB`;
}

/** A probability behind its name: "= 0.032", or "< 0.001". */
export function related(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${probability(p)}`;
}

/** A probability: 0.032, or "< 0.001". */
export function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(p);
}

/** 3 March 2025 */
export function day(date: string, zone = 'UTC'): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: zone }).format(new Date(date));
}

/** 3 March 2025, 16:05 */
export function moment(time: string, zone: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(time));
}

/** March 2025, or what else a step of a trend is called. */
export function stepName(start: string, step: 'day' | 'week' | 'month' | 'year'): string {
  const date = new Date(`${start}T00:00:00Z`);
  const options: Intl.DateTimeFormatOptions =
    step === 'year' ? { year: 'numeric' } : step === 'month' ? { year: 'numeric', month: 'short' } : { dateStyle: 'medium' };
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(date);
}

/** Two significant digits, for the ticks of a scale: 0, 3.5, 120, 2,400. */
export function rounded(n: number): string {
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: 2 }).format(n);
}

/** How much more or less: "+12 %", "−3.4 %". */
export function change(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0 }).format(share);
}
