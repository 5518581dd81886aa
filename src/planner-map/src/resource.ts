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

/** Counts the changes of the data that the page has heard of; what is shown is asked for anew with each, quietly. */
export const changes = signal(0);

const slowAfterMilliseconds = 3000;
const nothing = { value: null, loading: false, slow: false, error: null, path: null };

/**
 * An answer of the server that follows a path: when the path changes, the old request is given up and the new one made.
 * @param path Relative to the page; null when there is nothing to ask for.
 * @param get How it is asked for.
 * @param restSeconds How long a change of the data may wait before it is asked for anew: for what takes long.
 * @param known An answer that is kept for somebody else, with its path: where that is wanted it is shown, and is not asked for here, again neither.
 */
export function resource<T>(
  path: () => string | null,
  get: (path: string, signal: AbortSignal) => Promise<T> = getJson,
  restSeconds = 0,
  known?: { path: string; answer: ReadonlySignal<Answer<T>> },
): Resource<T> {
  const answer = signal<Answer<T>>(nothing);
  let again = new AbortController();
  const tries = signal(0);
  let isKnown = false;
  effect(() => {
    void tries.value;
    void readingKey.value;
    const wanted = path();
    again.abort();
    if (wanted === null) {
      answer.value = nothing;
      return;
    }
    isKnown = wanted === known?.path;
    if (isKnown) {
      const now = known!.answer.value;
      answer.value = now.value === null && now.loading ? { ...answer.peek(), loading: true, slow: now.slow, error: null } : now;
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
  const refresh = (): void => {
    const { path: shown, value, loading } = answer.peek();
    if (shown === null || value === null || loading || isKnown) {
      return;
    }
    again.abort();
    again = new AbortController();
    const { signal: ended } = again;
    get(shown, ended).then(
      (next) => {
        if (!ended.aborted) {
          answer.value = { ...answer.peek(), value: next };
        }
      },
      // What is shown stays; the next change asks again.
      () => undefined,
    );
  };
  let rest: ReturnType<typeof setTimeout> | undefined;
  changes.subscribe((n) => {
    if (n > 0) {
      rest ??= setTimeout(() => {
        rest = undefined;
        refresh();
      }, restSeconds * 1000);
    }
  });
  return Object.assign(answer as ReadonlySignal<Answer<T>>, { retry: () => void (tries.value += 1) }) as Resource<T>;
}
