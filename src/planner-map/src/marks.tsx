/** Small pictures of what the map draws, for legends. */

export function Hexagon({ color }: { color: string }) {
  return (
    <svg viewBox="0 0 16 16" class="key" aria-hidden="true">
      <path d="M8 1l6 3.5v7L8 15l-6-3.5v-7z" fill={color} fill-opacity="0.7" stroke={color} stroke-width="1.6" />
    </svg>
  );
}

export function Outline({ color }: { color: string }) {
  return (
    <svg viewBox="0 0 16 16" class="key" aria-hidden="true">
      <path d="M5 1h6l4 5v4l-4 5H5l-4-5V6z" fill="none" stroke={color} stroke-width="2" />
    </svg>
  );
}

export function Dot({ color, line = 'none' }: { color: string; line?: string }) {
  return (
    <svg viewBox="0 0 16 16" class="key" aria-hidden="true">
      <circle cx="8" cy="8" r="5" fill={color} stroke={line} stroke-width="2" />
    </svg>
  );
}

export function Ring({ color }: { color: string }) {
  return (
    <svg viewBox="0 0 16 16" class="key" aria-hidden="true">
      <circle cx="8" cy="8" r="6.5" fill={color} fill-opacity="0.12" stroke={color} stroke-width="1.8" stroke-dasharray="3 1.5" />
    </svg>
  );
}

export function Square({ color }: { color: string }) {
  return (
    <svg viewBox="0 0 16 16" class="key" aria-hidden="true">
      <rect x="1" y="3" width="14" height="10" rx="2" fill={color} fill-opacity="0.85" />
    </svg>
  );
}
