import { addressOf, ApiError } from './api';
import { keyHeaders } from './key';

/** Nobody waits longer than this for the worker to start. */
const mostMilliseconds = 5000;

/** What it says: first the name under which the file is to be opened, then how the server answered. */
type Word = { id: string } | { status: number; problem?: { detail?: string; title?: string } | null };

/** The worker that hands files over as they come (public/file-worker.js); null where the browser has none. */
export async function fileWorker(): Promise<ServiceWorker | null> {
  // Safari does not ask workers for what it downloads.
  if (!navigator.serviceWorker || navigator.vendor.startsWith('Apple')) {
    return null;
  }
  try {
    const { active, waiting, installing } = await navigator.serviceWorker.register(addressOf('file-worker.js'), { scope: addressOf('files/') });
    const worker = active ?? waiting ?? installing!;
    return worker.state === 'activated' || (await isActivated(worker)) ? worker : null;
  } catch {
    return null;
  }
}

/**
 * Has a file written to disk by the browser, which shows how far it has come.
 * @throws ApiError when the server does not give it.
 */
export async function stream(worker: ServiceWorker, path: string, name: string, key: string): Promise<void> {
  const { port1: here, port2: there } = new MessageChannel();
  const frame = Object.assign(document.createElement('iframe'), { hidden: true });
  try {
    await new Promise<void>((done, fail) => {
      here.onmessage = ({ data }: MessageEvent<Word>) => {
        if ('id' in data) {
          frame.src = addressOf(`files/${data.id}`);
          document.body.append(frame);
        } else if (data.status === 200) {
          done();
        } else {
          fail(new ApiError(data.status, data.problem?.detail ?? data.problem?.title ?? ''));
        }
      };
      worker.postMessage({ address: addressOf(path), headers: { Accept: '*/*', Prefer: 'wait', ...keyHeaders(key) }, name }, [there]);
    });
  } finally {
    here.close();
    // The download has its own hold on the answer once it has begun.
    setTimeout(() => frame.remove(), 60_000);
  }
}

function isActivated(worker: ServiceWorker): Promise<boolean> {
  return new Promise((done) => {
    setTimeout(() => done(false), mostMilliseconds);
    worker.addEventListener('statechange', () => worker.state === 'activated' && done(true));
  });
}
