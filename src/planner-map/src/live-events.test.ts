import { expect, test } from 'vitest';
import { eventsIn, type LiveEvent } from './live-events';

async function heard(parts: string[]): Promise<LiveEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      parts.forEach((part) => controller.enqueue(new TextEncoder().encode(part)));
      controller.close();
    },
  });
  const events: LiveEvent[] = [];
  for await (const event of eventsIn(stream)) {
    events.push(event);
  }
  return events;
}

test('events are heard one by one, wherever the parts of the stream end', async () => {
  const text = 'retry: 3000\n\nevent: start\nid: 1-2~3:3:;\ndata: {"data_version":"1"}\n\n: here\nid: 1-4~5:5:;\n\nevent: issue\nid: 1-5~6:6:;\ndata: {}\n\n';
  const events = [{ id: null, name: null }, { id: '1-2~3:3:;', name: 'start' }, { id: '1-4~5:5:;', name: null }, { id: '1-5~6:6:;', name: 'issue' }];
  expect(await heard([text])).toEqual(events);
  expect(await heard([...text])).toEqual(events);
});

test('half an event is none', async () => {
  expect(await heard(['event: issue\nid: 7'])).toEqual([]);
});
