import { signal } from '@preact/signals';
import { addressOf, ApiError, getJson } from './api';
import { key, keyHeaders } from './key';
import { issueDetails, issueEvents } from './panels/details-answers';
import { cells, clusters, overview, summary } from './data';
import { placeSummary } from './place';
import { resource } from './resource';
import { selection } from './view';

/** Where an issue can go from here: GET /api/issues/{id}/transitions. */
export interface Moves {
  status: string;
  /** Name of the key. */
  caller: string;
  moves: { to: string; role: string; allowed: boolean; needs_note: boolean }[];
}

/** The moves of the selected issue, for the key that was entered; none are asked for without one. */
export const moves = resource<Moves>(
  () => (selection.value?.kind === 'issue' && key.value !== '' ? `api/issues/${encodeURIComponent(selection.value.id)}/transitions` : null),
  (path, ended) => getJson(path, ended, keyHeaders()),
);

/** What became of the last move. */
export const outcome = signal<{ id: string; error: ApiError | null } | null>(null);
export const moving = signal(false);

/** Moves the selected issue, if it is still the version that the person has seen. */
export async function move(id: string, to: string, note: string | null, etag: string | null): Promise<void> {
  moving.value = true;
  outcome.value = null;
  let error: ApiError | null = null;
  try {
    const response = await fetch(addressOf(`api/issues/${encodeURIComponent(id)}/transitions`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...keyHeaders(), ...(etag && { 'If-Match': etag }) },
      body: JSON.stringify(note === null ? { to } : { to, note }),
    });
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
      error = new ApiError(response.status, problem?.detail ?? response.statusText);
    }
  } catch (failure) {
    error = new ApiError(0, String(failure));
  }
  moving.value = false;
  outcome.value = { id, error };
  // Moved by this person or by another one before: what is shown is old either way.
  if (error === null || error.status === 409 || error.status === 412) {
    [issueDetails, issueEvents, moves].forEach((answer) => answer.retry());
  }
  if (error === null) {
    [summary, overview, placeSummary, cells, clusters].forEach((answer) => answer.retry());
  }
}
