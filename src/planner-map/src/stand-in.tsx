import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { addressOf, tileOf } from './api';
import { tilesInView } from './camera';
import { main } from './data';
import { readingKey } from './key';
import { turn } from './turns';
import { comparison, layers, type Camera } from './view';

/**
 * Where plain pictures of the heatmap are to be seen, as long as they stand in for the map: WebGL takes a second to start where there is no graphics card. They are the tiles
 * that the map asks for itself. Null when nothing stands in for it.
 */
export const standIn = signal<{ at: Camera; width: number; height: number } | null>(null);

/** Whether the pictures that stand in are all there. */
const complete = signal(false);

/** Nobody waits longer than this for the map. */
const mostMilliseconds = 2000;

/** Whether the numbers and the heatmap, as plain pictures, are there to be looked at. */
const isThere = computed(() => (standIn.value === null || complete.value) && !main.summary.value.loading);

/**
 * Waits until a person has something to look at, unless that takes long: where there is no graphics card, making the map keeps page and screen busy for a second, and a picture that
 * is not on the screen by then is seen only after that.
 */
export async function firstLook(): Promise<void> {
  await Promise.race([seen(), new Promise((done) => setTimeout(done, mostMilliseconds))]);
}

async function seen(): Promise<void> {
  await turn(() => isThere.value, new AbortController().signal);
  // Once the browser has brought anything to the screen at all, the frame after one that draws something begins when that is on its way there.
  await new Promise<void>((done) => new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').length > 0 && done()).observe({ type: 'paint', buffered: true }));
  await frame();
  await frame();
}

function frame(): Promise<unknown> {
  return new Promise((done) => requestAnimationFrame(done));
}

/** Shows the heatmap where the map is going to look first. */
export function standInFor(container: HTMLElement, at: Camera): void {
  // A key cannot be sent along with a plain picture, and two maps share their colors.
  if (layers.peek().heatmap.shown && readingKey.peek() === '' && comparison.peek() === null) {
    standIn.value = { at, width: container.clientWidth, height: container.clientHeight };
  }
}

export function StandIn() {
  const tiles = main.heatmapTiles.value;
  const pictures = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const images = [...(pictures.current?.querySelectorAll('img') ?? [])];
    complete.value = false;
    if (images.length > 0) {
      void Promise.allSettled(images.map((image) => image.decode())).then(() => (complete.value = true));
    }
  }, [standIn.value, tiles]);
  if (!standIn.value || tiles === null) {
    return null;
  }
  const { at, width, height } = standIn.value;
  return (
    <div class="stand-in" ref={pictures} aria-hidden="true">
      {tilesInView(at, width, height).map(({ z, x, y, left, top, side }) => (
        <img
          key={`${x}/${y}`}
          src={tileOf(addressOf(tiles), z, x, y)}
          alt=""
          style={{ left: `calc(50% + ${left}px)`, top: `calc(50% + ${top}px)`, width: `${side}px`, height: `${side}px`, opacity: layers.value.heatmap.opacity }}
          onError={() => (standIn.value = null)}
        />
      ))}
    </div>
  );
}
