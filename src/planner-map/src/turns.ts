import { effect } from '@preact/signals';
import { getJson } from './api';

/** Nobody waits longer than this for others to go first. */
const mostMilliseconds = 8000;

/**
 * A way to ask the server that lets others go first: a browser sends six requests at a time and a server has only so many processors, so what a person looks at first
 * must not wait for what is read later.
 * @param isTurn Whether it may ask now; follows signals.
 */
export function getAfter(isTurn: () => boolean): <T>(path: string, signal: AbortSignal) => Promise<T> {
  return async (path, signal) => {
    await turn(isTurn, signal);
    return getJson(path, signal);
  };
}

/**
 * Waits for a turn.
 * @throws The signal's reason.
 */
export async function turn(isTurn: () => boolean, signal: AbortSignal): Promise<void> {
  // Whatever asks because of the same change has done so by then.
  await Promise.resolve();
  let stop = (): void => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((done) => {
    timer = setTimeout(done, mostMilliseconds);
    signal.addEventListener('abort', () => done());
    stop = effect(() => {
      if (isTurn()) {
        done();
      }
    });
  });
  clearTimeout(timer);
  stop();
  signal.throwIfAborted();
}
