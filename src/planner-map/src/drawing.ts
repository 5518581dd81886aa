import { batch, computed, signal } from '@preact/signals';
import { crosses, fewestCorners, formatArea, type Corner } from './area';
import { camera, changeFilter, selection } from './view';

/** Corners of the area that is being drawn; null when none is. */
export const drawing = signal<readonly Corner[] | null>(null);

export const canFinish = computed(() => drawing.value !== null && drawing.value.length >= fewestCorners && !crosses(drawing.value));

/** Whether the lines cross, and so cannot stay. */
export const isTangled = computed(() => drawing.value !== null && drawing.value.length > fewestCorners && crosses(drawing.value));

export function startDrawing(): void {
  selection.value = null;
  drawing.value = [];
}

/** Adds a corner; the same place twice is one corner. */
export function addCorner(corner: Corner): void {
  const last = drawing.value?.at(-1);
  if (drawing.value && !(last && last[0] === corner[0] && last[1] === corner[1])) {
    drawing.value = [...drawing.value, corner];
  }
}

/** Adds the middle of the map. */
export function addMiddle(): void {
  if (camera.value) {
    addCorner([camera.value.lon, camera.value.lat]);
  }
}

export function removeCorner(): void {
  drawing.value = drawing.value && drawing.value.slice(0, -1);
}

/** Narrows everything down to the area, and tells about it in the panel. */
export function finishDrawing(): void {
  if (canFinish.value) {
    const area = formatArea(drawing.value!);
    batch(() => {
      changeFilter({ area });
      selection.value = { kind: 'area', id: area };
      drawing.value = null;
    });
  }
}

export function cancelDrawing(): void {
  drawing.value = null;
}
