// An open list hears of what arrives, is read and is closed, by one connection that ends with the service.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from '../flows/service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

test('arrival, reading and closing of a study are told with its UID', async () => {
  const response = await fetch(`${service.address}/v1/worklist/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const seen: { studies: string[]; arrived: number }[] = [];
  const reading = (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, data] = /^event: changed\ndata: (.*)$/.exec(part) ?? [];
        if (data !== undefined) seen.push(JSON.parse(data));
      }
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const bytes = await filmDicom({ study: 'live', patient: 'LIVE' });
  const { studies } = await service.client.upload([{ name: 'a.dcm', bytes: Uint8Array.from(bytes) }]);
  const [uid = ''] = studies;
  await service.client.waitUntilRead(uid);
  await expect.poll(() => seen.some(({ arrived }) => arrived === 1), { timeout: 10_000 }).toBe(true);
  const before = seen.length;
  await service.client.v1.closeStudy(uid);
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(before);
  expect(seen.at(-1)).toEqual({ studies: [uid], arrived: 0 });
  await service.client.v1.reopenStudy(uid);
  const { data } = await service.client.v1.getWorklistRows({ search: 'live' });
  expect(data).toMatchObject({ total: 1, items: [{ studyUid: uid, closedAt: null }] });
  await service.close();
  await reading;
});
