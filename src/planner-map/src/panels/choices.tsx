import { useSignal } from '@preact/signals';
import * as format from '../format';
import { nameOf, t } from '../i18n';
import { Tree, toggledIn, type TreeNode as Node } from './tree';

interface ChoicesProps {
  roots: readonly Node[];
  chosen: readonly string[];
  /** Issues under the present filter, by code. */
  counts: ReadonlyMap<string, number>;
  /** What the tree is called. */
  label: string;
  searchLabel: string;
  empty: string;
  onChange(chosen: string[]): void;
}

const mostFound = 60;

/** A tree to choose from, with a search over all of it. Only what is open is drawn, so that thousands of wards are no burden. */
export function Choices({ roots, chosen, counts, label, searchLabel, empty, onChange }: ChoicesProps) {
  const text = useSignal('');
  const toggle = (code: string): void => onChange(toggledIn(roots, chosen, code));
  const wanted = text.value.trim().toLowerCase();
  const found = wanted === '' ? null : search(roots, wanted);
  return (
    <div class="choices">
      <input
        type="search"
        placeholder={searchLabel}
        aria-label={searchLabel}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      {roots.length === 0 && <p class="quiet">{empty}</p>}
      {found ? (
        <ul class="checks">
          {found.slice(0, mostFound).map(({ node, around }) => (
            <li key={node.code}>
              <Choice node={node} chosen={chosen} counts={counts} around={around} onToggle={toggle} />
            </li>
          ))}
          {found.length === 0 && <li class="quiet">{t('choices.nothing')}</li>}
          {found.length > mostFound && <li class="quiet">{t('choices.more', { n: found.length - mostFound })}</li>}
        </ul>
      ) : (
        <Tree roots={roots} label={label} chosen={chosen} counts={counts} onChange={onChange} />
      )}
      {chosen.length > 0 && (
        <button type="button" class="link" onClick={() => onChange([])}>
          {t('choices.clear')}
        </button>
      )}
    </div>
  );
}

interface ChoiceProps extends Pick<ChoicesProps, 'chosen' | 'counts'> {
  node: Node;
  /** Names of what is around it. */
  around: string;
  onToggle(code: string): void;
}

function Choice({ node, chosen, counts, around, onToggle }: ChoiceProps) {
  const count = counts.get(node.code);
  return (
    <label>
      <input type="checkbox" checked={chosen.includes(node.code)} onChange={() => onToggle(node.code)} />
      <span class="name">
        {nameOf(node)}
        {around && <small>{around}</small>}
      </span>
      {count !== undefined && <span class="value">{format.count(count)}</span>}
    </label>
  );
}

/** Nodes whose name, in either language, or code holds a text; with the names of those around them. */
function search(nodes: readonly Node[], wanted: string, around: readonly string[] = []): { node: Node; around: string }[] {
  return nodes.flatMap((node) => {
    const hit = [node.name, node.name_en ?? '', node.code].some((name) => name.toLowerCase().includes(wanted));
    const below = search(node.children ?? [], wanted, [...around, nameOf(node)]);
    return hit ? [{ node, around: around.join(' › ') }, ...below] : below;
  });
}
