import { signal } from '@preact/signals';
import { ApiError, getFile } from './api';
import { fileWorker, stream } from './file-worker';

/** How far the download of a file has come. */
export type Download = { bytes: number } | { error: ApiError };

/** Files that are being fetched, or could not be, by their path; they go on when what started them is closed. */
export const downloads = signal<ReadonlyMap<string, Download>>(new Map());

/**
 * Fetches a file with a key, which a link could not show, and hands it over as a download: as it comes where the browser can, else when all of it is there.
 * @param path The file.
 * @param name What it is called on the device.
 * @param key The key to show.
 * @param turn Makes of the file what is handed over; the file itself when left out.
 */
export async function download(path: string, name: string, key: string, turn?: (file: Blob) => Promise<Blob>): Promise<void> {
  const now = downloads.peek().get(path);
  if (now && 'bytes' in now) {
    return;
  }
  put(path, { bytes: 0 });
  try {
    const worker = turn ? null : await fileWorker();
    if (worker) {
      await stream(worker, path, name, key);
    } else {
      const file = await getFile(path, { key, told: (bytes) => put(path, { bytes }) });
      save(turn ? await turn(file) : file, name);
    }
    put(path, null);
  } catch (error) {
    put(path, { error: error instanceof ApiError ? error : new ApiError(0, String(error)) });
  }
}

/** Hands a file over as a download. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  // The download has its own hold on the file once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function put(path: string, download: Download | null): void {
  const all = new Map(downloads.peek());
  if (download) {
    all.set(path, download);
  } else {
    all.delete(path);
  }
  downloads.value = all;
}
