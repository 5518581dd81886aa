import { signal } from '@preact/signals';
import { addressOf, tileOf } from './api';
import { tilesInView } from './camera';
import { main } from './data';
import { readingKey } from './key';
import { comparison, layers, type Camera } from './view';

/**
 * Where plain pictures of the heatmap are to be seen, as long as they stand in for the map: WebGL takes a second to start where there is no graphics card. They are the tiles
 * that the map asks for itself. Null when nothing stands in for it.
 */
export const standIn = signal<{ at: Camera; width: number; height: number } | null>(null);

/** Shows the heatmap where the map is going to look first. */
export function standInFor(container: HTMLElement, at: Camera): void {
  // A key cannot be sent along with a plain picture, and two maps share their colors.
  if (layers.peek().heatmap.shown && readingKey.peek() === '' && comparison.peek() === null) {
    standIn.value = { at, width: container.clientWidth, height: container.clientHeight };
  }
}

export function StandIn() {
  const tiles = main.heatmapTiles.value;
  if (!standIn.value || tiles === null) {
    return null;
  }
  const { at, width, height } = standIn.value;
  return (
    <div class="stand-in" aria-hidden="true" style={{ opacity: layers.value.heatmap.opacity }}>
      {tilesInView(at, width, height).map(({ z, x, y, left, top, side }) => (
        <img
          key={`${x}/${y}`}
          src={tileOf(addressOf(tiles), z, x, y)}
          alt=""
          style={{ left: `calc(50% + ${left}px)`, top: `calc(50% + ${top}px)`, width: `${side}px`, height: `${side}px` }}
          onError={() => (standIn.value = null)}
        />
      ))}
    </div>
  );
}
