import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadTile, moveTiles, templateOf, tileAddressOf } from './tile-loader';

vi.mock('maplibre-gl', () => ({
  addProtocol: () => undefined,
  AJAXError: class extends Error {
    constructor(
      readonly status: number,
      readonly statusText: string,
      readonly url: string,
    ) {
      super(`${statusText} (${status}): ${url}`);
    }
  },
}));

interface Asked {
  url: string;
  signal: AbortSignal;
  answer(text: string, status?: number): void;
}

/** What was asked of the server and not answered yet, in order. */
let asked: Asked[] = [];

/** A name that no other test has moved. */
let name = '';
let names = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  name = `${++names}-heatmap`;
  vi.stubGlobal('document', { baseURI: 'http://server/' });
  vi.stubGlobal('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
    return new Promise<Response>((done, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason));
      asked.push({ url, signal, answer: (text, status = 200) => done(new Response(status === 204 ? null : text, { status, headers: { 'Cache-Control': 'no-cache' } })) });
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function load(tile: string, abort = new AbortController()): Promise<string> {
  const url = templateOf(name).replace('{z}/{x}/{y}', tile);
  return loadTile({ url }, abort).then(({ data }) => new TextDecoder().decode(data as ArrayBuffer));
}

/** Whether something has happened by now. */
async function isDone(what: Promise<unknown>): Promise<boolean> {
  let done = false;
  void what.then(() => (done = true));
  await vi.advanceTimersByTimeAsync(1);
  return done;
}

test('a tile is asked for where its name says', async () => {
  moveTiles(name, 'http://server/tiles/{z}/{x}/{y}.png?a=1');
  expect(tileAddressOf(name)).toBe('http://server/tiles/{z}/{x}/{y}.png?a=1');
  expect(tileAddressOf('another')).toBe(undefined);
  const tile = load('11/3/4');
  expect(asked.map(({ url }) => url)).toEqual(['http://server/tiles/11/3/4.png?a=1']);
  asked[0]!.answer('picture');
  expect(await tile).toBe('picture');
});

test('whoever waits for a tile gets that of the last address, and what was asked for before is given up', async () => {
  moveTiles(name, 'http://server/{z}/{x}/{y}?old');
  const tile = load('1/0/0');
  moveTiles(name, 'http://server/{z}/{x}/{y}?new');
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[0]!.signal.aborted).toBe(true);
  asked[0]!.answer('old');
  asked[1]!.answer('new');
  expect([asked[1]!.url, await tile]).toEqual(['http://server/1/0/0?new', 'new']);
});

test('tiles of a new address come together, but none waits long for the others', async () => {
  moveTiles(name, 'http://server/{z}/{x}/{y}');
  const [one, two] = [load('1/0/0'), load('1/0/1')];
  asked[0]!.answer('one');
  expect(await isDone(one)).toBe(false);
  asked[1]!.answer('two');
  expect([await one, await two]).toEqual(['one', 'two']);

  moveTiles(name, 'http://server/{z}/{x}/{y}?slow');
  const [fast] = [load('1/0/0'), load('1/0/1')];
  asked[2]!.answer('fast');
  await vi.advanceTimersByTimeAsync(490);
  expect(await isDone(fast!)).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(await fast).toBe('fast');
});

test('tiles that are asked for later, as when the map moves, wait for nobody', async () => {
  moveTiles(name, 'http://server/{z}/{x}/{y}');
  await vi.advanceTimersByTimeAsync(1);
  const [one] = [load('2/0/0'), load('2/0/1')];
  asked[0]!.answer('one');
  expect(await one).toBe('one');
});

test('a refusal is told with its status, an empty tile is empty, and one that nobody wants is given up', async () => {
  moveTiles(name, 'http://server/{z}/{x}/{y}');
  const refused = load('1/0/0');
  asked[0]!.answer('no', 503);
  await expect(refused).rejects.toMatchObject({ status: 503, url: 'http://server/1/0/0' });

  await vi.advanceTimersByTimeAsync(1);
  const empty = load('1/0/1');
  asked[1]!.answer('', 204);
  expect(await empty).toBe('');

  const abort = new AbortController();
  const unwanted = load('1/1/1', abort);
  abort.abort();
  await expect(unwanted).rejects.toBe(abort.signal.reason);
  expect(asked).toHaveLength(3);
});
