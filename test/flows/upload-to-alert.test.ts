// A film's whole way through the public API: sent, read, shown, compared, alerted, answered by a clinician.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { HaidangError, type Study } from '#client/client.ts';
import { encodeGrayPng } from '#image/picture.ts';
import { filmDicom, filmPicture } from '../fixtures/film.ts';
import { type TestService, openTestService } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

const file = (bytes: Buffer, name = 'film.dcm') => ({ name, bytes: Uint8Array.from(bytes) });

async function send(...films: Buffer[]): Promise<Study> {
  const { studies } = await service.client.upload(films.map((film) => file(film)));
  return service.client.waitUntilRead(studies[0] ?? '');
}

const png = async (path: string): Promise<Buffer> => {
  const response = await fetch(`${service.address}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/png');
  return Buffer.from(await response.arrayBuffer());
};

/** Columns and rows stand in the header of a PNG (IHDR). */
const sizeOf = (bytes: Buffer) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];

describe('a film that is sent', () => {
  test('is read, and its reading, film and heatmaps can be fetched', async () => {
    const study = await send(await filmDicom({ study: 'whole', patient: 'P-whole' }));
    expect(study).toMatchObject({ patient: { id: 'P-whole', sex: 'F' }, ageYears: 50, notForClinicalUse: true });
    expect(study.reading?.outcome).toBe('assessed');
    // The reading is there first: none of its maps is shown before it is checked.
    for (const { code, heatmap } of study.reading?.findings ?? []) {
      if (heatmap?.state !== 'checking') continue;
      expect(heatmap).toMatchObject({ state: 'checking', faithfulness: null, shown: false });
      expect(code).not.toBe('');
    }
    const { reading } = await service.client.waitUntilRead(study.studyUid, { until: 'maps-checked' });
    const { data } = await service.client.v1.getReading(reading?.id ?? '');
    expect(data).toEqual(reading);
    expect(sizeOf(await png(`/v1/images/${reading?.sopInstanceUids[0]}?size=32`))).toEqual([32, 32]);
    const shown = reading?.findings.filter(({ heatmap }) => heatmap?.shown) ?? [];
    expect(shown.length).toBeGreaterThan(0);
    for (const { code } of shown)
      expect(sizeOf(await png(`/v1/readings/${reading?.id}/heatmaps/${code}`))).toEqual([64, 64]);
  });

  test('finds the films of other people, never those of the same person', async () => {
    for (const patient of ['A', 'B', 'C'])
      await send(await filmDicom({ study: `of-${patient}`, patient, phase: patient.charCodeAt(0), sex: 'M' }));
    const again = await send(await filmDicom({ study: 'of-A-again', patient: 'A', phase: 2 }));
    const { data } = await service.client.v1.getSimilarCases(again.reading?.id ?? '', { k: '20' });
    const found = [...data.neighbours, ...data.nearDuplicates].map(({ studyUid }) => studyUid);
    const people = await Promise.all(found.map(async (uid) => (await service.client.v1.getStudy(uid)).data.patient.id));
    expect(people).toContain('B');
    expect(people).not.toContain('A');
    const men = await service.client.v1.getSimilarCases(again.reading?.id ?? '', { k: '20', sex: 'M' });
    expect([...data.neighbours, ...data.nearDuplicates].length).toBeGreaterThan(
      [...men.data.neighbours, ...men.data.nearDuplicates].length,
    );
  });

  test('stands in the worklist with its place and the reason for it, until a clinician closes it', async () => {
    const study = await send(await filmDicom({ study: 'listed', patient: 'P-listed' }));
    const of = async () =>
      (await service.client.v1.getWorklist({ patientId: 'P-listed' })).data.items.map(({ studyUid }) => studyUid);
    expect(await of()).toEqual([study.studyUid]);
    const [item] = (await service.client.v1.getWorklist({ patientId: 'P-listed' })).data.items;
    expect(item).toMatchObject({ outcome: 'assessed', place: 'urgent', because: { code: 'found' }, progress: null });
    await service.client.v1.markOpened(study.studyUid);
    await service.client.v1.closeStudy(study.studyUid);
    expect(await of()).toEqual([]);
  });
});

describe('its alert', () => {
  test('can be acknowledged, then overridden with a coded reason, and keeps every step', async () => {
    const study = await send(await filmDicom({ study: 'told', patient: 'P-told' }));
    const [alertId = ''] = study.alertIds;
    await service.client.v1.acknowledgeAlert(alertId, { comment: 'đã gọi khoa' });
    const { data } = await service.client.v1.overrideAlert(alertId, { reasonCode: 'image-quality' });
    expect(data).toMatchObject({ status: 'overridden', subject: { patientCode: 'P-told', accessionNumber: 'Atold' } });
    const { data: history } = await service.client.v1.getAlert(alertId);
    expect(history.events.map(({ kind, reasonCode, comment }) => [kind, reasonCode, comment])).toEqual([
      ['acknowledged', null, 'đã gọi khoa'],
      ['overridden', 'image-quality', null],
    ]);
  });

  test('the same act sent twice is one act, and what its state forbids is a conflict', async () => {
    const study = await send(await filmDicom({ study: 'twice', patient: 'P-twice' }));
    const [alertId = ''] = study.alertIds;
    const eventId = crypto.randomUUID();
    for (let time = 0; time < 2; time += 1) await service.client.v1.resolveAlert(alertId, { eventId });
    const { data } = await service.client.v1.getAlert(alertId);
    expect(data.events).toHaveLength(1);
    await expect(service.client.v1.acknowledgeAlert(alertId, {})).rejects.toMatchObject({
      code: 'alerts.transition',
      status: 409,
    });
  });

  test('an override without a reason is refused with the field named', async () => {
    const study = await send(await filmDicom({ study: 'why', patient: 'P-why' }));
    const path = `${service.address}/v1/alerts/${study.alertIds[0]}/override`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: '{"reasonCode":"because"}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'http.invalid-request', field: 'reasonCode' });
  });
});

describe('what is no chest film', () => {
  test('is stored and shown as not assessed, with its reason and without an alert', async () => {
    const study = await send(await filmDicom({ study: 'hand', patient: 'P-hand', bodyPart: 'HAND' }));
    expect(study.reading).toMatchObject({
      outcome: 'not-assessed',
      findings: [],
      reasons: [{ code: 'preread.body-part-not-accepted' }],
    });
    expect(study.alertIds).toEqual([]);
    const [item] = (await service.client.v1.getWorklist({ patientId: 'P-hand' })).data.items;
    expect(item).toMatchObject({ outcome: 'not-assessed', place: 'routine' });
  });
});

describe('a PNG', () => {
  test('is read as not for clinical use, with the age that its sender declares', async () => {
    const picture = await encodeGrayPng({ columns: 64, rows: 64, values: filmPicture(64, 1) });
    const headers = { 'content-type': 'image/png' };
    const path = `${service.address}/v1/studies?ageYears=44&sex=M&view=PA`;
    const answer = await fetch(path, { method: 'POST', headers, body: Uint8Array.from(picture) });
    expect(answer.status).toBe(201);
    const { studies } = (await answer.json()) as { studies: string[] };
    const study = await service.client.waitUntilRead(studies[0] ?? '');
    expect(study).toMatchObject({ notForClinicalUse: true, ageYears: 44, patient: { id: null, sex: 'M' } });
    expect(study.reading?.notForClinicalUse).toBe(true);
    expect(study.reading?.reasons.map(({ code }) => code)).toEqual(['preread.picture-without-tags']);
  });

  test('what a DICOM file says of itself cannot be declared', async () => {
    const headers = { 'content-type': 'application/dicom' };
    const path = `${service.address}/v1/studies?ageYears=44`;
    const body = Uint8Array.from(await filmDicom({ study: 'declared' }));
    const answer = await fetch(path, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'preread.declared-for-dicom' });
  });
});

test('a refusal reaches the client as an error with code and both languages', async () => {
  const refused = await service.client.upload([file(Buffer.from('not an image'))]).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(HaidangError);
  expect(refused).toMatchObject({ code: 'dicom.not-dicom', status: 415, text: { vi: 'Tệp không phải là DICOM.' } });
});

test('after all that the audit chain is whole', async () => {
  expect((await service.client.v1.verifyAudit()).data).toMatchObject({ intact: true, faults: [] });
});
