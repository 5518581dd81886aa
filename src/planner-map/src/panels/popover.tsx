import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A button that opens a small sheet below it; Escape, a click elsewhere or leaving by the keyboard closes it. */
export function Popover({ label, title, set, children }: { label: string; title: string; set: boolean; children: ComponentChildren }) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) {
      return undefined;
    }
    const leave = (event: Event): void => {
      if (!root.current!.contains(event.target as Node)) {
        open.value = false;
      }
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open.value]);
  const close = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open.value) {
      open.value = false;
      button.current!.focus();
    }
  };
  return (
    <div class="popover" ref={root} onKeyDown={close}>
      <button
        type="button"
        class={set ? 'button set' : 'button'}
        ref={button}
        aria-expanded={open.value}
        aria-controls={id}
        title={title}
        onClick={() => (open.value = !open.value)}
      >
        <span class="label">{label}</span>
        <svg viewBox="0 0 10 6" class="arrow" aria-hidden="true"><path d="M1 1l4 4 4-4" /></svg>
      </button>
      {open.value && (
        <div class="sheet" id={id} role="group" aria-label={title}>
          <h3>{title}</h3>
          {children}
        </div>
      )}
    </div>
  );
}
