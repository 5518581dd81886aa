import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface PopoverProps {
  label: string;
  title: string;
  /** Whether something is chosen in it. */
  set: boolean;
  /** Which of its edges the sheet keeps to. */
  side?: 'left' | 'right';
  children: ComponentChildren;
}

/** A button that opens a small sheet below it; Escape, a click elsewhere or leaving by the keyboard closes it. */
export function Popover({ label, title, set, side = 'left', children }: PopoverProps) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) {
      return undefined;
    }
    const leave = (event: Event): void => {
      // What a click has just taken off the page is not elsewhere.
      if (!root.current!.contains(event.target as Node) && (event.target as Node).isConnected) {
        open.value = false;
      }
    };
    // On the whole page: what had the focus may have just gone.
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        open.value = false;
        button.current!.focus();
      }
    };
    document.addEventListener('keydown', escape);
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('keydown', escape);
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open.value]);
  return (
    <div class="popover" ref={root}>
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
        <div class={`sheet ${side}`} id={id} role="group" aria-label={title}>
          <h3>{title}</h3>
          {children}
        </div>
      )}
    </div>
  );
}
