import { addProtocol, AJAXError, type AddProtocolAction } from 'maplibre-gl';
import { requestOf, tileOf } from './api';

/**
 * Tiles under names that stay, whatever filter they are of. A map that is told of other addresses waits for its next frame before it asks for them, which takes long without
 * a graphics card, and what was asked for before may come last and stay. Here it asks at once, whoever waits for a tile gets that of the last address, and those of a new one
 * come together, so that one frame shows all of them.
 */
const scheme = 'planner-map';

/** Nobody waits longer than this for others to come. */
const mostMilliseconds = 500;

/** Where the tiles of a name are. */
interface Place {
  address: string;
  /** Aborted when they are elsewhere. */
  left: AbortController;
  /** Those that were asked for because they are here now; null later. */
  first: Promise<unknown>[] | null;
}

const places = new Map<string, Place>();

/** The template under which a map asks for the tiles of a name. */
export function templateOf(name: string): string {
  return `${scheme}://${name}/{z}/{x}/{y}`;
}

/** The template of the addresses that the tiles of a name have now; undefined as long as nobody said. */
export function tileAddressOf(name: string): string | undefined {
  return places.get(name)?.address;
}

/** Says where the tiles of a name are from now on. */
export function moveTiles(name: string, address: string): void {
  const before = places.get(name);
  const place: Place = { address, left: new AbortController(), first: [] };
  places.set(name, place);
  before?.left.abort();
  setTimeout(() => (place.first = null));
}

/** Loads a tile, for the map library. */
export const loadTile: AddProtocolAction = async ({ url }, { signal }) => {
  const [name, z, x, y] = url.slice(`${scheme}://`.length).split('/') as [string, string, string, string];
  for (;;) {
    const place = places.get(name)!;
    try {
      const answer = ask(tileOf(place.address, z, x, y), AbortSignal.any([signal, place.left.signal]));
      const { first } = place;
      first?.push(answer);
      const tile = await answer;
      if (first) {
        await Promise.race([Promise.allSettled(first), new Promise((done) => setTimeout(done, mostMilliseconds))]);
        place.left.signal.throwIfAborted();
      }
      return tile;
    } catch (error) {
      if (signal.aborted || !place.left.signal.aborted) {
        throw error;
      }
    }
  }
};

addProtocol(scheme, loadTile);

async function ask(address: string, signal: AbortSignal): ReturnType<AddProtocolAction> {
  const { url, headers } = requestOf(address);
  let response: Response;
  try {
    response = await fetch(url, { signal, ...(headers && { headers }) });
  } catch (error) {
    signal.throwIfAborted();
    throw new AJAXError(0, String(error), url, new Blob());
  }
  if (!response.ok) {
    throw new AJAXError(response.status, response.statusText, url, await response.blob());
  }
  const data = await response.arrayBuffer();
  signal.throwIfAborted();
  return { data, cacheControl: response.headers.get('Cache-Control'), expires: response.headers.get('Expires') };
}
