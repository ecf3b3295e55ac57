// The same study, however often and in whatever order it is sent: one reading, one alert.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { filmDicom } from '../fixtures/film.ts';
import { type TestService, openTestService } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

const file = (bytes: Buffer) => ({ name: 'f.dcm', bytes: Uint8Array.from(bytes) });

async function countOf(studyUid: string) {
  const { data: readings } = await service.client.v1.getReadingsOfStudy(studyUid);
  const { data: alerts } = await service.client.v1.listAlerts({ studyUid, include: 'superseded' });
  return { readings: readings.length, alerts: alerts.length };
}

test('sent three times at once and three times more, it is read once and alerted once', async () => {
  const film = file(await filmDicom({ study: 'thrice' }));
  const answers = await Promise.all([1, 2, 3].map(() => service.client.upload([film])));
  const statuses = answers.flatMap(({ instances }) => instances.map(({ status }) => status));
  expect(statuses.toSorted()).toEqual(['duplicate', 'duplicate', 'stored']);
  const [studyUid = ''] = answers[0]?.studies ?? [];
  await service.client.waitUntilRead(studyUid);
  for (let time = 0; time < 3; time += 1) {
    const { instances } = await service.client.upload([film]);
    expect(instances[0]?.status).toBe('duplicate');
  }
  expect(await countOf(studyUid)).toEqual({ readings: 1, alerts: 1 });
});

test('two images in any order, each sent three times at once, end in one current reading and one open alert', async () => {
  const [pa, ap] = [
    file(await filmDicom({ study: 'pair', patient: 'P2' })),
    file(await filmDicom({ study: 'pair', patient: 'P2', view: 'AP' })),
  ];
  const answers = await Promise.all([[pa, ap], [ap, pa], [pa], [ap, ap]].map((films) => service.client.upload(films)));
  const [studyUid = ''] = answers[0]?.studies ?? [];
  const study = await service.client.waitUntilRead(studyUid);
  expect(study.images).toHaveLength(2);
  const { data: readings } = await service.client.v1.getReadingsOfStudy(studyUid);
  expect(readings.filter(({ supersededBy }) => supersededBy === null)).toHaveLength(1);
  const { data: open } = await service.client.v1.listAlerts({ studyUid });
  expect(open).toHaveLength(1);
});

test('the same identity with other content is a conflict, and the first content stays', async () => {
  await service.client.upload([file(await filmDicom({ study: 'clash' }))]);
  await expect(service.client.upload([file(await filmDicom({ study: 'clash', phase: 2 }))])).rejects.toMatchObject({
    code: 'store.conflicting-instance',
    status: 409,
  });
});

test('one study under two patients is a conflict', async () => {
  await service.client.upload([file(await filmDicom({ study: 'whose', patient: 'X' }))]);
  const other = file(await filmDicom({ study: 'whose', patient: 'Y', view: 'AP' }));
  await expect(service.client.upload([other])).rejects.toMatchObject({ code: 'store.conflicting-study', status: 409 });
});
