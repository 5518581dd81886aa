import { main, other, type Answers } from './data';
import * as format from './format';
import { comparison } from './view';

/** How many there are of something on the map; on both, when there are two. */
export function Counts({ of }: { of(answers: Answers): number | null }) {
  const text = (n: number | null): string => (n === null ? '…' : format.count(n));
  return <span class="value">{comparison.value ? `A ${text(of(other))} · B ${text(of(main))}` : text(of(main))}</span>;
}
