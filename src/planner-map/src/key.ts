import { computed, signal } from '@preact/signals';

const place = 'geosan-key';

/** The API key of this browser, on all pages; empty for none. It stays on the device until it is forgotten. */
export const key = signal(stored());

/** Why a key was refused: 401 when the server does not know it, 403 when its role may not do what was asked. */
export type KeyRefusal = 401 | 403;

/** How the key was refused when something was written with it last; null as long as it was not. */
export const keyRefusal = signal<KeyRefusal | null>(null);

/** Whether the server lets nobody read without a key; found out by the first answer. */
export const readsClosed = signal(false);

/** The key that is shown for reading: none where reading is open, so that a revoked one hides nothing. */
export const readingKey = computed(() => (readsClosed.value ? key.value : ''));

// Another window may have been given one, or have forgotten it.
globalThis.addEventListener?.('storage', (event) => {
  if (event.key === place) {
    key.value = event.newValue ?? '';
  }
});

/** Keeps a key on this device; an empty one forgets it. */
export function keepKey(text: string): void {
  key.value = text.trim();
  keyRefusal.value = null;
  try {
    if (key.value === '') {
      localStorage.removeItem(place);
    } else {
      localStorage.setItem(place, key.value);
    }
  } catch {
    // Storage is switched off: it lasts as long as the page.
  }
}

function stored(): string {
  try {
    return localStorage.getItem(place) ?? '';
  } catch {
    return '';
  }
}

/** Headers that show a key, where there is one. */
export function keyHeaders(shown: string = key.peek()): Record<string, string> {
  return shown === '' ? {} : { 'X-Api-Key': shown };
}
