import { computed, effect, signal } from '@preact/signals';
import { addressOf, ApiError } from '../../api';
import { key, keyHeaders, keyRefusal } from '../../key';

/** What the server would make of a file: POST /api/imports/preview */
export interface Preview {
  kind: 'issues' | 'wards';
  file_name: string;
  columns: string[];
  properties: string[];
  mapping: Record<string, unknown> | null;
  crs: string | null;
  sample: (string[] | null)[];
  rows_read: number;
  is_whole: boolean;
  accepted: number;
  refused: number;
  outside_wards: number;
  refusals: { line: number; column: string; value: string; reason: string }[];
  places: { line: number; lon: number; lat: number; in_ward: boolean }[];
  warnings: string[];
  problem: string | null;
}

/** An import and how far it is: GET /api/imports/{id} */
export interface Job {
  id: number;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  stage: string | null;
  rows_read: number;
  progress: number | null;
  seconds_left: number | null;
  counts: { loaded: number; unchanged: number; updated: number; refused: number } | null;
  warnings: string[];
  error: string | null;
}

export const file = signal<File | null>(null);
export const kind = signal<'issues' | 'wards'>('issues');
/** What the person says of columns: a name, or null for none; what is not said is guessed. */
export const said = signal<Readonly<Record<string, string | null>>>({});
/** Empty for what the file says of itself, or longitude and latitude. */
export const crs = signal('');
export const source = signal('');
export const level = signal('');
export const timeZone = signal('');

export const preview = signal<Preview | null>(null);
export const looking = signal(false);
export const failure = signal<ApiError | null>(null);
export const job = signal<Job | null>(null);

/** What the server says of a mixed-up datum; null when all is well. */
export const datumWarning = computed(() => preview.value?.warnings.find((w) => w.includes('GCJ-02')) ?? null);

export function choose(next: File | null): void {
  file.value = next;
  said.value = {};
  crs.value = '';
  preview.value = null;
  failure.value = null;
  job.value = null;
  kind.value = /ward|boundar|communit|grid|district|辖区|边界|社区|网格/i.test(next?.name ?? '') ? 'wards' : 'issues';
}

function form(): FormData {
  const data = new FormData();
  const add = (name: string, value: string): void => void (value.trim() !== '' && data.set(name, value.trim()));
  data.set('kind', kind.value);
  add('crs', crs.value);
  if (kind.value === 'wards') {
    add('level', level.value);
  } else {
    add('source', source.value);
    add('time_zone', timeZone.value);
    add('mapping', Object.keys(said.value).length > 0 ? JSON.stringify(said.value) : '');
  }
  // The file last: what is said of it is known before it is read.
  data.set('file', file.value!);
  return data;
}

/** Whenever the file or what is said of it changes, the server looks again; only its answer to the last question is shown. */
export function keepLooking(): void {
  let question = 0;
  const answered = (asked: number, show: () => void): void => {
    if (asked === question) {
      show();
      looking.value = false;
    }
  };
  effect(() => {
    const now = ++question;
    if (!file.value || key.value === '' || job.value) {
      return;
    }
    const body = form();
    looking.value = true;
    void call<Preview>('api/imports/preview', { method: 'POST', body }).then(
      (answer) => answered(now, () => ([preview.value, failure.value] = [answer, null])),
      (error: ApiError) => answered(now, () => (failure.value = error)),
    );
  });
}

/** Imports the file as it was looked at, and follows the job to its end. */
export async function run(): Promise<void> {
  failure.value = null;
  try {
    job.value = await call<Job>('api/imports', { method: 'POST', body: form() });
    while (job.value?.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 700));
      job.value = await call<Job>(`api/imports/${job.value.id}`, {});
    }
  } catch (error) {
    failure.value = error as ApiError;
  }
}

export async function cancel(): Promise<void> {
  try {
    await call(`api/imports/${job.value!.id}`, { method: 'DELETE' });
  } catch (error) {
    // Ended meanwhile: its own end is shown.
    failure.value = (error as ApiError).status === 409 ? null : (error as ApiError);
  }
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(addressOf(path), { ...init, headers: keyHeaders() });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  const answer = (await response.json().catch(() => null)) as { detail?: string; title?: string } | null;
  if (!response.ok) {
    const error = new ApiError(response.status, answer?.detail ?? answer?.title ?? response.statusText);
    if (response.status === 401 || response.status === 403) {
      keyRefusal.value = response.status;
    }
    throw error;
  }
  return answer as T;
}
