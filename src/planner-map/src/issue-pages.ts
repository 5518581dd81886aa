import { batch, effect, signal, type ReadonlySignal } from '@preact/signals';
import { ApiError, getJson, nextOf, type Issue } from './api';
import { main } from './data';
import { readingKey } from './key';
import { changes } from './resource';
import { turn } from './turns';

const pageLimit = 200;

interface FeaturePage {
  features: Issue[];
  links?: { rel: string; href: string }[];
}

export interface IssuePages {
  /** Those that are there already, from the first. */
  rows: ReadonlySignal<readonly Issue[]>;
  loading: ReadonlySignal<boolean>;
  error: ReadonlySignal<ApiError | null>;
  /** Whether these are all. */
  complete: ReadonlySignal<boolean>;
  /** Loads on until there are so many, or no more. */
  want(count: number): void;
  retry(): void;
}

/**
 * A long list, page by page behind the last row of the page before: whatever is added meanwhile, nothing is shown twice or left out.
 * @param path The first page, without its limit; null when there is nothing to ask for. Another path is another list.
 */
export function issuePages(path: (own: string) => string | null): IssuePages {
  const [rows, loading, error, complete] = [signal<readonly Issue[]>([]), signal(false), signal<ApiError | null>(null), signal(false)];
  let next: string | null = null;
  let wanted = 0;
  let abort = new AbortController();
  const load = async (): Promise<void> => {
    if (loading.peek() || next === null || error.peek() || rows.peek().length >= wanted) {
      return;
    }
    const { signal: ended } = abort;
    loading.value = true;
    try {
      await turn(() => main.pictured.value, ended);
      const page = await getJson<FeaturePage>(next, ended);
      if (ended.aborted) {
        return;
      }
      next = nextOf(page) ?? null;
      batch(() => {
        rows.value = [...rows.peek(), ...page.features];
        complete.value = next === null;
        loading.value = false;
      });
      await load();
    } catch (failure) {
      if (!ended.aborted) {
        batch(() => {
          loading.value = false;
          error.value = failure instanceof ApiError ? failure : new ApiError(0, String(failure));
        });
      }
    }
  };
  const begin = (first: string | null): void => {
    abort.abort();
    abort = new AbortController();
    next = first;
    wanted = 1;
    batch(() => {
      rows.value = [];
      loading.value = false;
      error.value = null;
      complete.value = false;
    });
    void load();
  };
  let latest: string | null = null;
  effect(() => {
    void readingKey.value;
    latest = path(`limit=${pageLimit}`);
    const first = latest;
    queueMicrotask(() => first === latest && begin(first));
  });
  // Of a list that nobody has gone down yet the first page is shown as it is now; another one stays as it was read.
  changes.subscribe((n) => {
    const [first, { signal: ended }] = [latest, abort];
    if (n === 0 || first === null || loading.peek() || rows.peek().length === 0 || rows.peek().length > pageLimit) {
      return;
    }
    void getJson<FeaturePage>(first, ended).then(
      (page) => {
        if (!ended.aborted && !loading.peek() && rows.peek().length <= pageLimit) {
          next = nextOf(page) ?? null;
          batch(() => {
            rows.value = page.features;
            complete.value = next === null;
          });
        }
      },
      () => undefined,
    );
  });
  return {
    rows,
    loading,
    error,
    complete,
    want: (count) => {
      wanted = Math.max(wanted, count);
      void load();
    },
    // What is there already stays there.
    retry: () => {
      if (rows.peek().length === 0) {
        begin(latest);
      } else {
        error.value = null;
        void load();
      }
    },
  };
}
