import { useSignal, type Signal } from '@preact/signals';
import type { Named } from '../api';
import * as format from '../format';
import { nameOf, t } from '../i18n';
import { toggled } from '../view';

interface Node extends Named {
  children?: Node[];
}

interface ChoicesProps {
  roots: readonly Node[];
  chosen: readonly string[];
  /** Issues under the present filter, by code. */
  counts: ReadonlyMap<string, number>;
  searchLabel: string;
  empty: string;
  onChange(chosen: string[]): void;
}

const mostFound = 60;

/** A tree to choose from, with a search over all of it. Branches open on demand, so that thousands of wards are no burden. */
export function Choices({ roots, chosen, counts, searchLabel, empty, onChange }: ChoicesProps) {
  const text = useSignal('');
  const opened = useSignal<ReadonlySet<string>>(new Set(roots.length === 1 ? [roots[0]!.code] : []));
  const toggle = (code: string): void => onChange(toggled(chosen, code));
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
        <Branch nodes={roots} opened={opened} chosen={chosen} counts={counts} onToggle={toggle} />
      )}
      {chosen.length > 0 && (
        <button type="button" class="link" onClick={() => onChange([])}>
          {t('choices.clear')}
        </button>
      )}
    </div>
  );
}

interface BranchProps {
  nodes: readonly Node[];
  opened: Signal<ReadonlySet<string>>;
  chosen: readonly string[];
  counts: ReadonlyMap<string, number>;
  onToggle(code: string): void;
}

function Branch({ nodes, opened, ...rest }: BranchProps) {
  return (
    <ul class="checks">
      {nodes.map((node) => {
        const children = node.children ?? [];
        const open = opened.value.has(node.code);
        return (
          <li key={node.code}>
            <div class="branch">
              {children.length > 0 ? (
                <button
                  type="button"
                  class="twist"
                  aria-expanded={open}
                  aria-label={t(open ? 'choices.close' : 'choices.open', { name: nameOf(node) })}
                  onClick={() => (opened.value = new Set(open ? [...opened.value].filter((code) => code !== node.code) : [...opened.value, node.code]))}
                >
                  <svg viewBox="0 0 6 10" class="arrow" aria-hidden="true"><path d="M1 1l4 4-4 4" /></svg>
                </button>
              ) : (
                <span class="twist" />
              )}
              <Choice node={node} {...rest} />
            </div>
            {open && children.length > 0 && <Branch nodes={children} opened={opened} {...rest} />}
          </li>
        );
      })}
    </ul>
  );
}

function Choice({ node, chosen, counts, around, onToggle }: Omit<BranchProps, 'nodes' | 'opened'> & { node: Node; around?: string }) {
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
