import { untracked } from '@preact/signals';

/** Along the edges of a map, pixels. */
export interface Edges {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** How much of a map's edges lies under panels. */
export function coveredOf(container: HTMLElement): Edges {
  return untracked(() => {
    const style = getComputedStyle(container);
    const side = (name: string) => parseFloat(style.getPropertyValue(`--covered-${name}`)) || 0;
    return { top: side('top'), right: side('right'), bottom: side('bottom'), left: side('left') };
  });
}

/** Room for the panels that lie over a map's edges, and a little more. */
export function paddingOf(container: HTMLElement): Edges {
  const { top, right, bottom, left } = coveredOf(container);
  return { top: top + 24, right: right + 24, bottom: bottom + 24, left: left + 24 };
}
