import { signal } from '@preact/signals';
import { addressOf } from './api';
import { main } from './data';
import { keyHeaders, readingKey, readsClosed } from './key';
import { changes } from './resource';
import { eventsIn, type LiveEvent } from './live-events';
import { turn } from './turns';

/** Whether the server tells of changes as they come. */
export const connection = signal<'no' | 'yes' | 'lost'>('no');

const againAfterMilliseconds = 3000;

/** How often the server shows a sign of life where it does not say so. */
const usualBeatSeconds = 15;

/** At most so often the page asks anew, however much changes. */
const calmMilliseconds = 5000;

let last: string | null = null;
let toldAt = -Infinity;
let waiting: ReturnType<typeof setTimeout> | undefined;

/**
 * Follows the changes of the data as long as the page is looked at: what is shown is asked for anew when something has changed. A page in the background lets go of the
 * connection, of which a browser has few, and hears later what it has missed.
 */
export function keepLive(): void {
  let abort: AbortController | null = null;
  const follow = (): void => {
    abort?.abort();
    abort = document.hidden ? null : new AbortController();
    if (abort) {
      void listen(abort.signal);
    }
  };
  document.addEventListener('visibilitychange', follow);
  readingKey.subscribe(follow);
}

async function listen(ended: AbortSignal): Promise<void> {
  try {
    await turn(() => main.pictured.value, ended);
    while (!ended.aborted) {
      await hear(ended);
      connection.value = 'lost';
      await new Promise((done) => setTimeout(done, againAfterMilliseconds));
    }
  } catch {
    // Let go of; what was told up to then is known.
  }
}

/**
 * Listens until the connection ends, does not come about, or hangs: a network that is gone closes nothing, but then nothing at all comes for three of the server's signs
 * of life.
 */
async function hear(ended: AbortSignal): Promise<void> {
  const hangs = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const wait = (beatSeconds: number): void => {
    clearTimeout(silence);
    silence = setTimeout(() => hangs.abort(), 3000 * beatSeconds);
  };
  try {
    wait(usualBeatSeconds);
    // Not by EventSource, which can show no key.
    const headers = { Accept: 'text/event-stream', ...keyHeaders(readingKey.peek()), ...(last !== null && { 'Last-Event-ID': last }) };
    const response = await fetch(addressOf('api/live'), { headers, signal: AbortSignal.any([ended, hangs.signal]), cache: 'no-store' });
    if (!response.ok || !response.body) {
      readsClosed.value ||= response.status === 401;
      return;
    }
    connection.value = 'yes';
    const beatSeconds = Number(response.headers.get('Heartbeat-Seconds')) || usualBeatSeconds;
    wait(beatSeconds);
    for await (const event of eventsIn(response.body)) {
      wait(beatSeconds);
      last = event.id ?? last;
      tell(event);
    }
  } catch (error) {
    if (ended.aborted) {
      throw error;
    }
  } finally {
    clearTimeout(silence);
  }
}

/** A change, or several that come soon after each other, are told once. */
function tell({ name }: LiveEvent): void {
  if (name !== null && name !== 'start') {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      toldAt = performance.now();
      changes.value += 1;
    }, Math.max(toldAt + calmMilliseconds - performance.now(), 0));
  }
}
