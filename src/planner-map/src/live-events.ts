/** A server-sent event; without a name where it only moves the id on. */
export interface LiveEvent {
  id: string | null;
  name: string | null;
}

/** The events of a stream, without their data: the page asks for what has changed itself. */
export async function* eventsIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<LiveEvent> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      // An event ends with an empty line; the rest is yet to come.
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop()!;
      yield* blocks.map(eventOf);
    }
  } finally {
    // A connection that hangs may never say that it has ended.
    void reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): LiveEvent {
  const field = (name: string): string | null => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? null;
  return { id: field('id'), name: field('event') };
}
