import { signal } from '@preact/signals';
import { formatAddress, parseAddress } from './address';
import { show, view } from './view';

/** A view under a name, kept in this browser. */
export interface SavedView {
  name: string;
  /** Query string without a question mark, as {@link formatAddress} writes it. */
  address: string;
}

const key = 'geosanitation.views';

/** By name, in the order in which they were saved. */
export const savedViews = signal<readonly SavedView[]>(read());

// Another window of the same browser may change them too.
addEventListener('storage', (event) => {
  if (event.key === key) {
    savedViews.value = read();
  }
});

/** Keeps the present view under a name; one of that name is replaced. */
export function saveView(name: string): void {
  const saved = { name, address: formatAddress({ ...view.peek(), language: null }) };
  keep(savedViews.peek().some((v) => v.name === name) ? savedViews.peek().map((v) => (v.name === name ? saved : v)) : [...savedViews.peek(), saved]);
}

/** Gives a view another name; false where there is one of that name. */
export function renameView(from: string, to: string): boolean {
  if (from !== to && savedViews.peek().some((v) => v.name === to)) {
    return false;
  }
  keep(savedViews.peek().map((v) => (v.name === from ? { ...v, name: to } : v)));
  return true;
}

export function deleteView(name: string): void {
  keep(savedViews.peek().filter((v) => v.name !== name));
}

/** Shows a view; the language stays as it is. */
export function openView(saved: SavedView): void {
  show({ ...parseAddress(saved.address), language: view.peek().language });
}

/** The link that shows a view to anybody. */
export function linkOf(saved: SavedView): string {
  return new URL(saved.address === '' ? '.' : `?${saved.address}`, location.href.split('?')[0]).href;
}

function keep(views: readonly SavedView[]): void {
  savedViews.value = views;
  try {
    localStorage.setItem(key, JSON.stringify(views));
  } catch {
    // Storage is full or switched off: they last as long as the page.
  }
}

function read(): SavedView[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(found) ? found.filter((v): v is SavedView => typeof v?.name === 'string' && typeof v?.address === 'string') : [];
  } catch {
    return [];
  }
}
