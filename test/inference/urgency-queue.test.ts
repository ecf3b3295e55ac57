// The order in which waiting runs are taken.
import { expect, test } from 'vitest';
import type { Urgency } from '#inference/engine/engine.ts';
import { createUrgencyQueue } from '#inference/queue/urgency-queue.ts';

const run = (name: string, urgency: Urgency) => ({ name, urgency });

function taken(queue: ReturnType<typeof createUrgencyQueue<ReturnType<typeof run>>>): string[] {
  const names: string[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) names.push(next.name);
  return names;
}

test('the most urgent is taken first, then the first to arrive', () => {
  const queue = createUrgencyQueue<ReturnType<typeof run>>();
  queue.add(run('map 1', 'later'));
  queue.add(run('film 1', 'now'));
  queue.add(run('film 2', 'now'));
  queue.add(run('opened', 'stat'));
  queue.add(run('map 2', 'later'));
  expect(taken(queue)).toEqual(['opened', 'film 1', 'film 2', 'map 1', 'map 2']);
});

test('a run that is tried again goes before its equals and behind the more urgent', () => {
  const queue = createUrgencyQueue<ReturnType<typeof run>>();
  queue.add(run('film 1', 'now'));
  queue.add(run('opened', 'stat'));
  queue.addFirst(run('film 0', 'now'));
  expect(taken(queue)).toEqual(['opened', 'film 0', 'film 1']);
});

test('what does not wait cannot be removed', () => {
  const queue = createUrgencyQueue<ReturnType<typeof run>>();
  const film = run('film', 'now');
  queue.add(film);
  queue.remove(run('film', 'now'));
  expect(queue.items()).toEqual([film]);
  queue.remove(film);
  expect(taken(queue)).toEqual([]);
});
