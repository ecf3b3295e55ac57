// Stored films get vectors of another model, and similar cases are read from its space.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backFillSpace, spaceOf } from '#cli/similar/back-fill.ts';
import { spaceRows, spacesInWords, switchSpace } from '#cli/similar/spaces.ts';
import { loadModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { readConfig } from '#service/config.ts';
import { filmDicom } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { HOSTS, openTestStore, type TestStore } from '../store/hosts.ts';
import { sampleInstance, sampleReading } from '../store/samples.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const models = mkdtempSync(join(tmpdir(), 'haidang-models-'));
const config = readConfig({ HAIDANG_MODELS_DIR: models, HAIDANG_DATA_DIR: models }, '/');
let newer: Model;
beforeAll(async () => {
  writeTinyModel(models, { id: 'newer', seed: 3 });
  newer = await loadModel(join(models, 'newer'));
});
afterAll(() => rmSync(models, { recursive: true }));

describe.each(HOSTS)('similar cases of another model on %s', (host) => {
  let at: TestStore;
  const ids: string[] = [];

  async function commitFilm(bytes: Uint8Array) {
    const instance = sampleInstance({ blob: await at.store.blobs.put(bytes), bodyPart: 'CHEST' });
    await at.local.intake.accept(instance, { actor: 'upload' });
    const reading = sampleReading(instance);
    const embedding = {
      vector: Float32Array.of(1, ids.length),
      facets: { findings: [], labelSource: 'model' as const },
    };
    await at.local.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [], embedding });
    ids.push(reading.id);
    return { instance, reading, embedding };
  }

  beforeAll(async () => {
    at = await openTestStore(host);
    for (const phase of [0, 1, 2]) await commitFilm(await filmDicom({ study: `s${phase}`, phase }));
    await commitFilm(Buffer.from('no film'));
  });
  afterAll(() => at.close());

  test('a run that was broken off goes on, a broken film is counted, and no reading changes', async () => {
    const space = spaceOf(newer, config);
    const before = await Promise.all(ids.map((id) => at.local.readings.get(id)));
    // As if an earlier run had ended after one film.
    const [first = ''] = ids;
    const facets = { findings: [], labelSource: 'model' as const };
    const vector = new Float32Array(newer.manifest.outputs.embeddingSize).fill(1);
    expect(await at.local.embeddings.fill(space, { readingId: first, vector, facets })).toBe(true);
    expect(await at.local.embeddings.fill(space, { readingId: first, vector, facets })).toBe(false);
    expect(await at.local.embeddings.unfilledCount(space)).toBe(3);
    await expect(switchSpace(at.store, space, { withGaps: false })).rejects.toMatchObject({ code: 'store.space-gaps' });

    const run = await backFillSpace(at.store, newer, config);
    expect(run.vectors).toBe(2);
    expect(run.refused + run.failed).toBe(1);
    expect((await at.local.embeddings.vectorOf(first, space))?.[0]).toBe(1);
    expect(await at.local.embeddings.size(space)).toBe(3);
    expect(await Promise.all(ids.map((id) => at.local.readings.get(id)))).toEqual(before);
    // Again: nothing is left but what cannot be read.
    expect(await backFillSpace(at.store, newer, config)).toMatchObject({ vectors: 0 });
  });

  test('the switch is one row, stands in the audit, and goes back', async () => {
    const space = spaceOf(newer, config);
    expect(await at.local.embeddings.readFrom()).toBeUndefined();
    expect(await switchSpace(at.store, space, { withGaps: true })).toBe(1);
    expect(await at.local.embeddings.readFrom()).toEqual(space);
    const rows = await spaceRows(at.store);
    expect(rows.map(({ modelId, size, withoutVector, readFrom }) => [modelId, size, withoutVector, readFrom])).toEqual([
      ['cxr-findings', 4, 0, false],
      ['newer', 3, 1, true],
    ]);
    expect(spacesInWords(rows)).toContain('every search compares all cases');
    expect(await switchSpace(at.store, undefined, { withGaps: false })).toBe(0);
    expect(await at.local.embeddings.readFrom()).toBeUndefined();
    const trail = await at.local.audit.list({ subjectType: 'model' });
    expect(trail.map(({ action, subjectId }) => [action, subjectId])).toEqual([
      ['similar.space-switched', 'newer'],
      ['similar.space-switched', 'own'],
    ]);
  });

  test('a reading that was superseded meanwhile gets no vector, and those of its film are found no more', async () => {
    const space = spaceOf(newer, config);
    const { instance, reading, embedding } = await commitFilm(await filmDicom({ study: 'twice', phase: 5 }));
    expect(await backFillSpace(at.store, newer, config)).toMatchObject({ vectors: 1 });
    const size = await at.local.embeddings.size(space);
    const later = sampleReading(instance, { provenance: { ...reading.provenance, thresholdVersion: '2' } });
    await at.local.readings.commit({ reading: later, heatmaps: [], told: [], outbox: [], audit: [], embedding });
    expect(await at.local.embeddings.size(space)).toBe(size - 1);
    const vector = new Float32Array(newer.manifest.outputs.embeddingSize).fill(1);
    const facets = { findings: [], labelSource: 'model' as const };
    expect(await at.local.embeddings.fill(space, { readingId: reading.id, vector, facets })).toBe(false);
    expect(await backFillSpace(at.store, newer, config)).toMatchObject({ vectors: 1 });
  });
});
