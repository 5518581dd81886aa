import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connection, keepLive } from './live';
import { changes } from './resource';

vi.mock('./data', () => ({ main: { pictured: { value: true } } }));

/** What the page has asked for: how it asked, and what it is told. */
const asked: { lastEventId: string | null; tell(text: string): void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal('document', { hidden: false, baseURI: 'http://server/', addEventListener: () => undefined });
  vi.stubGlobal('fetch', (_: string, { headers, signal }: { headers: Record<string, string>; signal: AbortSignal }) => {
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        signal.addEventListener('abort', () => stream.error(signal.reason));
        asked.push({ lastEventId: headers['Last-Event-ID'] ?? null, tell: (text) => stream.enqueue(new TextEncoder().encode(text)) });
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'Heartbeat-Seconds': '20' } }));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a connection on which nothing comes for three beats is given up, and the next one goes on where it ended', async () => {
  keepLive();
  await vi.advanceTimersByTimeAsync(100);
  expect(connection.value).toBe('yes');
  asked[0]!.tell('event: start\nid: 5\ndata: {}\n\n');
  for (let beat = 0; beat < 6; beat++) {
    await vi.advanceTimersByTimeAsync(20_000);
    asked[0]!.tell(': here\nid: 6\n\n');
  }
  await vi.advanceTimersByTimeAsync(59_000);
  expect([connection.value, asked.length]).toEqual(['yes', 1]);
  await vi.advanceTimersByTimeAsync(1100);
  expect(connection.value).toBe('lost');

  await vi.advanceTimersByTimeAsync(3000);
  expect(connection.value).toBe('yes');
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([null, '6']);
  const before = changes.value;
  asked[1]!.tell('event: issue\nid: 7\ndata: {}\n\n');
  await vi.advanceTimersByTimeAsync(5000);
  expect(changes.value).toBe(before + 1);
});

test('a connection that never comes about is given up too', async () => {
  const fetches: AbortSignal[] = [];
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    fetches.push(signal);
    return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
  });
  keepLive();
  await vi.advanceTimersByTimeAsync(44_000);
  expect(fetches.map((signal) => signal.aborted)).toEqual([false]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(connection.value).toBe('lost');
  expect(fetches.map((signal) => signal.aborted)).toEqual([true, false]);
});
