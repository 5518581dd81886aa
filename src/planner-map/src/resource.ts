import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { ApiError, getJson } from './api';
import { readingKey } from './key';

/** What is known of an answer. While the next one is on its way the last one stays, so that the picture does not blink. */
export interface Answer<T> {
  value: T | null;
  loading: boolean;
  /** Loading, and for so long that a person wonders. */
  slow: boolean;
  error: ApiError | null;
  /** The path that the value answers. */
  path: string | null;
}

export interface Resource<T> extends ReadonlySignal<Answer<T>> {
  /** Asks again. */
  retry(): void;
}

const slowAfterMilliseconds = 3000;
const nothing = { value: null, loading: false, slow: false, error: null, path: null };

/**
 * An answer of the server that follows a path: when the path changes, the old request is given up and the new one made.
 * @param path Relative to the page; null when there is nothing to ask for.
 * @param get How it is asked for.
 */
export function resource<T>(path: () => string | null, get: (path: string, signal: AbortSignal) => Promise<T> = getJson): Resource<T> {
  const answer = signal<Answer<T>>(nothing);
  const tries = signal(0);
  effect(() => {
    void tries.value;
    void readingKey.value;
    const wanted = path();
    if (wanted === null) {
      answer.value = nothing;
      return;
    }
    const abort = new AbortController();
    answer.value = { ...answer.peek(), loading: true, slow: false, error: null };
    const timer = setTimeout(() => (answer.value = { ...answer.peek(), slow: true }), slowAfterMilliseconds);
    get(wanted, abort.signal)
      .then(
        (value) => (answer.value = { ...nothing, value, path: wanted }),
        (error: unknown) => {
          if (!abort.signal.aborted) {
            answer.value = { ...nothing, error: error instanceof ApiError ? error : new ApiError(0, String(error)) };
          }
        },
      )
      .finally(() => clearTimeout(timer));
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  });
  return Object.assign(answer as ReadonlySignal<Answer<T>>, { retry: () => void (tries.value += 1) }) as Resource<T>;
}
