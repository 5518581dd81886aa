import { signal } from '@preact/signals';

const name = 'geosanitation.key';

/** The API key of the person, for this window and as long as it is open; null for none. */
export const apiKey = signal<string | null>(sessionStorage.getItem(name));

export function keepKey(key: string | null): void {
  apiKey.value = key;
  if (key === null) {
    sessionStorage.removeItem(name);
  } else {
    sessionStorage.setItem(name, key);
  }
}
