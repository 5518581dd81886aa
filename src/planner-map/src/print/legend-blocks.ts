/** The legends beside the map, read from the page: what is seen is what is printed. */
export interface LegendBlock {
  title: string;
  rows: { mark: string | null; label: string; value: string }[];
  /** Colors from left to right, with the numbers below them. */
  scale: { colors: string[]; ticks: string[] } | null;
  notes: string[];
}

const asFile = 'data:image/svg+xml,';

/** The legends of all layers that are shown. @param list The list of layers. */
export function legendBlocks(list: Element): LegendBlock[] {
  return [...list.querySelectorAll('.layer.shown')].map((layer) => ({
    title: textOf(layer.querySelector('.switch span')?.firstChild),
    rows: [...layer.querySelectorAll('.keys li')].map((row) => ({
      mark: markOf(row.querySelector('svg')),
      label: [...row.childNodes].filter((node) => !(node instanceof Element && node.matches('svg, .value'))).map(firstText).join(' ').trim(),
      value: textOf(row.querySelector('.value')),
    })),
    scale: scaleOf(layer),
    notes: [...layer.querySelectorAll('.legend > .quiet, .legend.quiet')].map(textOf),
  }));
}

function textOf(node: Node | null | undefined): string {
  return (node?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** The name of a key without the explanation that stands below it. */
function firstText(node: Node): string {
  return node instanceof Element ? textOf([...node.childNodes].find((child) => textOf(child) !== '')) : textOf(node);
}

function markOf(svg: SVGElement | null): string | null {
  if (!svg) {
    return null;
  }
  const copy = svg.cloneNode(true) as SVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', '64');
  copy.setAttribute('height', '64');
  return asFile + encodeURIComponent(copy.outerHTML);
}

function scaleOf(layer: Element): LegendBlock['scale'] {
  const bar = layer.querySelector<HTMLElement>('[data-colors]');
  return bar && { colors: bar.dataset.colors!.split(' '), ticks: [...layer.querySelectorAll('.ticks li')].map(textOf) };
}
