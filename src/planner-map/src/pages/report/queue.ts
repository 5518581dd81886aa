import { signal } from '@preact/signals';
import { addressOf, ApiError } from '../../api';
import { key, keyHeaders, keyRefusal } from '../../key';

/** A report on this device that the server has not got yet, or not all of it. */
export interface Waiting {
  /** The external id of the issue: sent twice, it is still one issue. */
  id: string;
  /** When it was made, RFC 3339. */
  made: string;
  /** GCJ02, or null for longitude and latitude of WGS 84. */
  crs: string | null;
  place: [number, number];
  properties: { category: string; source: string; reported_at: string; severity?: number; description?: string; accuracy_meters?: number };
  photo: Blob | null;
  /** Number of the issue once the server has it and only the photo is missing. */
  issue: number | null;
  /** Why the server will not take it; null where sending again may help. */
  refused: string | null;
  /** The status that came with it. */
  refusedBy?: number;
}

/** What waits, oldest first. */
export const waiting = signal<readonly Waiting[]>([]);
/** Numbers of the issues that were sent since the page was opened, latest first. */
export const sent = signal<readonly number[]>([]);
export const sending = signal(false);
/** Whether the last attempt found no server. */
export const offline = signal(!navigator.onLine);

/** Keeps a report, and sends it when that is possible. */
export async function add(report: Waiting): Promise<void> {
  await put(report);
  await load();
  void send();
}

export async function forget(id: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(id));
  await load();
}

export async function load(): Promise<void> {
  const all = await inStore<Waiting[]>('readonly', (store) => store.getAll());
  waiting.value = all.sort((a, b) => a.made.localeCompare(b.made));
}

/** Sends what waits, one after the other, until there is no server or the key is refused. */
export async function send(): Promise<void> {
  if (sending.value || key.value === '') {
    return;
  }
  sending.value = true;
  try {
    for (const report of waiting.value.filter((r) => r.refused === null)) {
      await sendOne(report);
    }
    offline.value = false;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      keyRefusal.value = error.status;
    } else {
      offline.value = true;
    }
  } finally {
    sending.value = false;
    await load();
  }
}

/** Sends again whenever there is hope: now, when the network comes back, when the page is looked at again, and each minute. */
export function keepSending(): void {
  const try_ = (): void => void send();
  void load().then(try_);
  addEventListener('online', try_);
  addEventListener('offline', () => (offline.value = true));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && try_());
  setInterval(() => waiting.value.length > 0 && try_(), 60_000);
}

async function sendOne(report: Waiting): Promise<void> {
  try {
    const issue = report.issue ?? (await postIssue(report));
    if (report.photo) {
      await put({ ...report, issue });
      await call(`api/issues/${issue}/attachments?name=${report.id}.jpg`, { method: 'POST', headers: { 'Content-Type': 'image/jpeg' }, body: report.photo });
    }
    await inStore('readwrite', (store) => store.delete(report.id));
    sent.value = [issue, ...sent.value];
  } catch (error) {
    // A report that can never be taken must not keep those behind it from being sent.
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 403, 408, 429].includes(error.status)) {
      await put({ ...report, refused: error.message, refusedBy: error.status });
      return;
    }
    throw error;
  }
}

async function postIssue(report: Waiting): Promise<number> {
  const body = { type: 'Feature', geometry: { type: 'Point', coordinates: report.place }, properties: { ...report.properties, external_id: report.id } };
  try {
    const issue = await call(`api/issues${report.crs ? `?crs=${report.crs}` : ''}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/geo+json' },
      body: JSON.stringify(body),
    });
    return (issue as { id: number }).id;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) {
      // It got there before, and only the answer was lost.
      const query = new URLSearchParams({ source: report.properties.source, q: report.id, limit: '1' });
      const found = (await call(`api/issues?${query}`, {})) as { features: { id: number }[] };
      if (found.features[0]) {
        return found.features[0].id;
      }
    }
    throw error;
  }
}

async function call(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(addressOf(path), { ...init, headers: { ...init.headers, ...keyHeaders() } });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  const answer = (await response.json().catch(() => null)) as { detail?: string; title?: string } | null;
  if (!response.ok) {
    throw new ApiError(response.status, answer?.detail ?? answer?.title ?? response.statusText);
  }
  return answer;
}

const put = (report: Waiting): Promise<unknown> => inStore('readwrite', (store) => store.put(report));

/** Does something with the reports that are kept on this device. */
async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const opening = indexedDB.open('geosan-report', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('reports', { keyPath: 'id' });
  const database = await done<IDBDatabase>(opening);
  try {
    return await done<T>(act(database.transaction('reports', mode).objectStore('reports')));
  } finally {
    database.close();
  }
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error('the device does not keep data'));
  });
}
