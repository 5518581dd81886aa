import type { FeatureCollection, Feature, Geometry, MultiPolygon, Point, Polygon } from 'geojson';
import { keyHeaders, readingKey, readsClosed } from './key';

/** A name in Chinese, or the city's own language, and in English where it is known. */
export interface Named {
  code: string;
  name: string;
  name_en: string | null;
}

export interface NamedCount extends Named {
  count: number;
}

/** A word of the filter, with how many issues have it. */
export interface WordCount {
  value: string;
  count: number;
}

/** Numbers of the issues of a filter: GET /api/issues/summary. */
export interface Summary {
  data_version: string;
  time_zone: string;
  total: number;
  open: number;
  overdue: number;
  relapses: number;
  default_points: number;
  first_reported: string | null;
  last_reported: string | null;
  /** West, south, east, north, degrees. */
  bounds: [number, number, number, number] | null;
  by_status: Record<string, number>;
  by_severity: Record<string, number>;
  by_category: NamedCount[];
  by_ward: NamedCount[];
  by_source: WordCount[];
  by_department: WordCount[];
  by_responsible: WordCount[];
  by_round: NamedCount[];
  trend: { step: 'day' | 'week' | 'month' | 'year'; steps: { start: string; issues: number }[] } | null;
}

/** How a result came about. */
export interface Explain {
  method: string;
  parameters: Record<string, { value: string | number | boolean | number[] | null; chosen_by: string; reason?: string }>;
  crs: string;
  crs_title: string;
  /** Why this system, in words. */
  crs_reason: string;
  data_version: string;
  issues: number;
  excluded_default_points: number;
  warnings: string[];
  [more: string]: unknown;
}

export interface CellProperties {
  cell: string;
  count: number;
  z: number;
  p: number;
  q: number;
  /** -3 to 3: 99, 95, 90 % cold to hot. */
  class: number;
  neighbors: number;
}

export interface PatternProperties {
  cell: string;
  count: number;
  /** One of Esri's 17: "new hot spot". */
  pattern: string;
  z: number;
  trend_z: number;
  trend_p: number;
  hot_steps: number;
  cold_steps: number;
}

export interface CircleProperties {
  rank: number;
  observed: number;
  expected: number;
  relative_risk: number;
  llr: number;
  p: number;
  radius_m: number;
  /** From when to when, where time was asked for too. */
  start?: string;
  end?: string;
  wards: NamedCount[];
}

export interface ClusterProperties {
  cluster: number;
  count: number;
  area_m2: number;
  density_per_km2: number;
  first_reported: string;
  last_reported: string;
  top_categories: NamedCount[];
  wards: NamedCount[];
  overdue: number;
  relapses: number;
}

export interface ContourProperties {
  lower: number;
  upper: number;
}

export interface IssueProperties {
  id: number;
  external_id: string;
  source: string;
  category: string;
  category_name?: string | null;
  category_name_en?: string | null;
  severity: number;
  status: string;
  title: string | null;
  description: string | null;
  address: string | null;
  reported_at: string;
  accepted_at: string | null;
  dispatched_at: string | null;
  resolved_at: string | null;
  closed_at: string | null;
  due_at: string | null;
  overdue: boolean;
  ward: string | null;
  ward_name?: string | null;
  ward_name_en?: string | null;
  responsible: string | null;
  department: string | null;
  relapse_of: number | null;
  reopen_count: number;
  location_quality: string;
}

export type Explained<G extends Geometry, P> = FeatureCollection<G, P> & { explain: Explain };
export type Cells = Explained<Polygon, CellProperties>;
export type Patterns = Explained<Polygon, PatternProperties>;
export type Circles = Explained<Polygon, CircleProperties>;
export type Clusters = Explained<Polygon, ClusterProperties>;
export type Contours = Explained<Polygon | MultiPolygon, ContourProperties>;
export type Issue = Feature<Point, IssueProperties>;
export type Issues = FeatureCollection<Point, IssueProperties>;

/** What the colors of the heatmap mean at a zoom: GET /tiles/heatmap/{z}/legend.json. */
export interface HeatmapLegend {
  zoom: number;
  bandwidth_m: number;
  peak_per_km2: number;
  stops: { per_km2: number; color: string; opacity: number }[];
}

/** An answer that is not the one asked for. */
export class ApiError extends Error {
  /** @param status HTTP status; 0 when there was no answer at all. */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A page of a list, with the link to the next one. */
interface FeaturePage {
  features: unknown[];
  links?: { rel: string; href: string }[];
}

/** Asks for a list of features, page by page. */
export async function getAllFeatures<T>(path: string, signal?: AbortSignal): Promise<T> {
  const first = await getJson<FeaturePage>(path, signal);
  let next = nextOf(first);
  while (next) {
    const page = await getJson<FeaturePage>(next, signal);
    first.features.push(...page.features);
    next = nextOf(page);
  }
  return first as T;
}

export function nextOf(page: Pick<FeaturePage, 'links'>): string | undefined {
  const href = page.links?.find((link) => link.rel === 'next')?.href;
  // As this page reaches the server, whatever name the server has for itself.
  return href && new URL(href, document.baseURI).pathname.split('/').slice(-2).join('/') + new URL(href, document.baseURI).search;
}

/** The full address of a path of this server, wherever below a proxy's path the page lies. */
export function addressOf(path: string): string {
  // Not by new URL(path, base): it would escape the braces of a tile's template.
  return new URL('./', document.baseURI).href + path;
}

/** The address of a tile, from the template of all. */
export function tileOf(template: string, z: number | string, x: number | string, y: number | string): string {
  return template.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
}

/**
 * Asks for JSON, and waits for an analysis that takes long instead of being told of its run (202).
 * @param path Relative to the page: "api/wards".
 * @param headers Headers beside the usual ones.
 * @throws ApiError, or the signal's reason.
 */
export async function getJson<T>(path: string, signal?: AbortSignal, headers?: Record<string, string>): Promise<T> {
  return (await (await getAnswer(path, signal, headers)).json()) as T;
}

/** Asks for one thing that can be changed, with the tag of its version. */
export async function getTagged<T>(path: string, signal?: AbortSignal): Promise<T & { etag: string | null }> {
  const response = await getAnswer(path, signal);
  return { ...((await response.json()) as T), etag: response.headers.get('ETag') };
}

/**
 * A file of the server, for links and pictures, which can show no key by themselves.
 * @param options A key other than that for reading; who is told how many bytes have come.
 */
export async function getFile(path: string, { key, told, signal }: { key?: string; told?: (bytes: number) => void; signal?: AbortSignal } = {}): Promise<Blob> {
  const response = await getAnswer(path, signal, { Accept: '*/*', ...(key && keyHeaders(key)) });
  try {
    if (!told || !response.body) {
      return await response.blob();
    }
    let bytes = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (part, next) => {
        told((bytes += part.length));
        next.enqueue(part);
      },
    });
    return await new Response(response.body.pipeThrough(count), { headers: response.headers }).blob();
  } catch (error) {
    // Cut off on the way.
    signal?.throwIfAborted();
    throw new ApiError(0, String(error));
  }
}

/** What MapLibre is to ask with: the key where reading takes one. Other hosts never see it. */
export function requestOf(url: string): { url: string; headers?: Record<string, string> } {
  return { url, ...(url.startsWith(addressOf('')) && readingKey.peek() !== '' && { headers: keyHeaders(readingKey.peek()) }) };
}

async function getAnswer(path: string, signal?: AbortSignal, headers?: Record<string, string>): Promise<Response> {
  const ask = (): Promise<Response> =>
    fetch(addressOf(path), { headers: { Accept: 'application/json, application/geo+json', Prefer: 'wait', ...keyHeaders(readingKey.peek()), ...headers }, ...(signal && { signal }) });
  let response: Response;
  try {
    response = await ask();
    if (response.status === 401 && !readsClosed.peek() && !headers?.['X-Api-Key']) {
      readsClosed.value = true;
      response = readingKey.peek() === '' ? response : await ask();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new ApiError(0, String(error));
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as { detail?: string; title?: string } | null;
    throw new ApiError(response.status, problem?.detail ?? problem?.title ?? response.statusText);
  }
  // Longer than the server lets anyone wait: it goes on meanwhile, and whoever asks again waits for the same.
  return response.status === 202 ? getAnswer(path, signal, headers) : response;
}
