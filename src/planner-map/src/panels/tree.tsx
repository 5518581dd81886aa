import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Named } from '../api';
import * as format from '../format';
import { nameOf } from '../i18n';

export interface TreeNode extends Named {
  children?: TreeNode[];
}

interface TreeProps {
  roots: readonly TreeNode[];
  label: string;
  chosen: readonly string[];
  /** Issues under the present filter, by code. */
  counts: ReadonlyMap<string, number>;
  onChange(chosen: string[]): void;
}

interface Row {
  node: TreeNode;
  /** From 1. */
  level: number;
  parent: TreeNode | null;
  /** Place among its siblings, from 1, and how many they are. */
  place: number;
  siblings: number;
  /** "mixed": some of what is within it. */
  state: 'true' | 'false' | 'mixed';
}

/**
 * A tree to choose from. One Tab stop: up and down go to the next row, right opens, left closes or goes to what is around, Home and End go to the ends, a letter to the
 * next name that begins with it, Space and Enter choose. What is within something chosen is chosen too; choosing it by itself narrows the choice to it.
 */
export function Tree({ roots, label, chosen, counts, onChange }: TreeProps) {
  const opened = useSignal<ReadonlySet<string>>(new Set([...(roots.length === 1 ? [roots[0]!.code] : []), ...around(roots, chosen)]));
  const current = useSignal<string | null>(null);
  const root = useRef<HTMLUListElement>(null);
  const rows = rowsOf(roots, opened.value, new Set(chosen));
  const active = rows.find((row) => row.node.code === current.value) ?? rows[0];
  const open = (code: string, isOpen: boolean): void => void (opened.value = new Set(isOpen ? [...opened.value, code] : [...opened.value].filter((c) => c !== code)));
  const focus = (row: Row | undefined): void => {
    if (row) {
      current.value = row.node.code;
      // All rows that can be gone to are there already.
      (root.current!.querySelector(`[data-code="${CSS.escape(row.node.code)}"]`) as HTMLElement | null)?.focus();
    }
  };
  const toggle = (node: TreeNode): void => onChange(toggledIn(roots, chosen, node.code));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!active || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const at = rows.indexOf(active);
    const { node, parent } = active;
    const isOpen = opened.value.has(node.code);
    const hasChildren = (node.children?.length ?? 0) > 0;
    const acts: Record<string, () => void> = {
      ArrowDown: () => focus(rows[at + 1]),
      ArrowUp: () => focus(rows[at - 1]),
      ArrowRight: () => (hasChildren && !isOpen ? open(node.code, true) : hasChildren && focus(rows[at + 1])),
      ArrowLeft: () => (isOpen && hasChildren ? open(node.code, false) : focus(rows.find((row) => row.node === parent))),
      Home: () => focus(rows[0]),
      End: () => focus(rows.at(-1)),
      ' ': () => toggle(node),
      Enter: () => toggle(node),
    };
    const act = acts[event.key] ?? (/^\S$/u.test(event.key) ? () => focus(nextNamed(rows, at, event.key)) : undefined);
    if (act) {
      event.preventDefault();
      act();
    }
  };
  return (
    <ul class="tree" role="tree" aria-label={label} aria-multiselectable="true" ref={root} onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const { code, children } = row.node;
        const isOpen = opened.value.has(code);
        return (
          <li
            key={code}
            role="treeitem"
            data-code={code}
            aria-level={row.level}
            aria-posinset={row.place}
            aria-setsize={row.siblings}
            aria-checked={row.state}
            {...(children?.length ? { 'aria-expanded': isOpen } : {})}
            tabIndex={row === active ? 0 : -1}
            style={{ paddingLeft: `${(row.level - 1) * 18}px` }}
            onFocus={() => (current.value = code)}
            onClick={() => toggle(row.node)}
          >
            {children?.length ? (
              <span
                class="twist"
                data-open={isOpen}
                onClick={(event) => {
                  event.stopPropagation();
                  open(code, !isOpen);
                }}
              >
                <svg viewBox="0 0 6 10" class="arrow" aria-hidden="true"><path d="M1 1l4 4-4 4" /></svg>
              </span>
            ) : (
              <span class="twist" />
            )}
            <span class="box" aria-hidden="true" />
            <span class="name">{nameOf(row.node)}</span>
            {counts.has(code) && <span class="value">{format.count(counts.get(code)!)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** The rows that are in sight, from the top. */
export function rowsOf(nodes: readonly TreeNode[], opened: ReadonlySet<string>, chosen: ReadonlySet<string>, level = 1, parent: TreeNode | null = null, inChosen = false): Row[] {
  return nodes.flatMap((node, i) => {
    const isChosen = inChosen || chosen.has(node.code);
    const state = isChosen ? 'true' : holds(node, chosen) ? 'mixed' : 'false';
    const row: Row = { node, level, parent, place: i + 1, siblings: nodes.length, state };
    return opened.has(node.code) ? [row, ...rowsOf(node.children ?? [], opened, chosen, level + 1, node, isChosen)] : [row];
  });
}

/** The choice with a code put in or taken out; what is chosen around it or within it gives way. */
export function toggledIn(roots: readonly TreeNode[], chosen: readonly string[], code: string): string[] {
  if (chosen.includes(code)) {
    return chosen.filter((c) => c !== code);
  }
  const giving = new Set([...around(roots, [code]), ...within(find(roots, code))]);
  return [...chosen.filter((c) => !giving.has(c)), code];
}

/** Codes of everything around some codes, not these themselves. */
function around(nodes: readonly TreeNode[], codes: readonly string[]): string[] {
  const wanted = new Set(codes);
  return nodes.filter((node) => holds(node, wanted)).flatMap((node) => [node.code, ...around(node.children ?? [], codes)]);
}

function holds(node: TreeNode, codes: ReadonlySet<string>): boolean {
  return codes.size > 0 && (node.children ?? []).some((child) => codes.has(child.code) || holds(child, codes));
}

function within(node: TreeNode | undefined): string[] {
  return (node?.children ?? []).flatMap((child) => [child.code, ...within(child)]);
}

function find(nodes: readonly TreeNode[], code: string): TreeNode | undefined {
  for (const node of nodes) {
    const found = node.code === code ? node : find(node.children ?? [], code);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function nextNamed(rows: readonly Row[], at: number, letter: string): Row | undefined {
  const begins = (row: Row): boolean => nameOf(row.node).toLowerCase().startsWith(letter.toLowerCase());
  return [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(begins);
}
