import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditRecall } from '#similarity/recall-audit.ts';
import { similarCases } from '#similarity/similar-cases.ts';
import type { VectorQuery } from '#similarity/vector-index.ts';
import type { EmbeddingFacets } from '#kernel/embedding.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from './samples.ts';

const DIMENSIONS = 16;
const ROWS = 1_500;
const space = sampleProvenance();

/** The same numbers on every run (linear congruential generator of Numerical Recipes). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.each(HOSTS)('embeddings on %s', (host) => {
  let at: TestStore;
  const next = random(7);
  const vector = (): Float32Array => Float32Array.from({ length: DIMENSIONS }, () => next() - 0.5);

  async function commit(
    embedded: Float32Array,
    facets: Partial<EmbeddingFacets> = {},
    parts: { patientId?: string; modelVersion?: string; facility?: string } = {},
  ): Promise<string> {
    const facility = await at.store.facility(parts.facility ?? 'local');
    const instance = sampleInstance(parts.patientId === undefined ? {} : { patient: { id: parts.patientId } });
    await facility.intake.accept(instance, { actor: 'upload' });
    const reading = sampleReading(instance, {
      facilityId: facility.facilityId,
      provenance: sampleProvenance({ modelVersion: parts.modelVersion ?? '1' }),
    });
    const embedding = { vector: embedded, facets: { findings: [], labelSource: 'model' as const, ...facets } };
    await facility.readings.commit({ reading, heatmaps: [], told: [], outbox: [], audit: [], embedding });
    return instance.studyUid;
  }

  beforeAll(async () => {
    at = await openTestStore(host);
    await commit(vector());
    // Straight into the table: what is tested is the search.
    const [table] = await at.sql<{ name: string }>('select $1 || id as name from embedding_space', ['embedding_']);
    const rows = Array.from({ length: ROWS }, (_, n) => ({
      reading_id: randomUUID(),
      study_uid: `s${n}`,
      patient_key: `id:${Math.floor(n / 2)}`,
      age_years: n % 90,
      sex: n % 3 === 0 ? 'F' : 'M',
      view: n % 5 === 0 ? 'AP' : 'PA',
      findings: n % 100 === 1 ? ['Pneumothorax'] : [],
      // As after a round of upkeep, and some that came since.
      in_graph: n % 10 !== 0,
      vector: `[${[...vector()].join(',')}]`,
    }));
    await at.sql(
      `insert into ${table?.name} (space_id, reading_id, facility_id, study_uid, patient_key, age_years, sex, view, findings,
         in_graph, label_source, vector)
       select (select id from embedding_space), r.reading_id, 'local', r.study_uid, r.patient_key, r.age_years, r.sex, r.view,
         r.findings, r.in_graph, 'model', r.vector::halfvec
       from jsonb_to_recordset($1) as r(reading_id uuid, study_uid text, patient_key text, age_years float8, sex text,
         view text, findings text[], in_graph boolean, vector text)`,
      [JSON.stringify(rows)],
    );
    await at.sql('analyze');
  });
  afterAll(() => at.close());

  const search = (parts: Partial<VectorQuery>) =>
    at.local.embeddings.search({ space, vector: vector(), k: 10, ...parts });

  test('few rows are scanned exactly, and the answer is the nearest by cosine', async () => {
    const query = vector();
    const answer = await search({ vector: query });
    expect(answer.method).toBe('exact');
    const all = await at.local.embeddings.sample(space, ROWS + 1);
    expect(all).toHaveLength(ROWS + 1);
    const cosine = (a: Float32Array): number => {
      const dot = a.reduce((sum, value, i) => sum + value * query[i]!, 0);
      return dot / (Math.hypot(...a) * Math.hypot(...query));
    };
    const best = all.map(({ readingId, vector: v }) => ({ readingId, at: cosine(v) })).sort((a, b) => b.at - a.at);
    // The query is rounded to half precision too, so equal within 2^-11.
    expect(answer.neighbours.map(({ similarity }) => similarity)).toEqual(
      best.slice(0, 10).map((one) => expect.closeTo(one.at, 3)),
    );
  });

  test('the graph finds what the scan finds, with every common filter, at a recall that is measured and kept', async () => {
    const audit = await auditRecall(at.local.embeddings, { space, clock: at.clock, queries: 12 });
    expect(audit.reached).toBe(true);
    expect(audit.figures.map(({ filter }) => filter)).toContain('sex=F');
    const kept = await at.local.embeddings.recall(space);
    expect(kept).toHaveLength(audit.figures.length);
    expect(kept.find(({ filter }) => filter === 'all')).toEqual(audit.figures[0]);
    const [row] = await at.sql<{ ef_search: number }>('select ef_search from embedding_space');
    expect(row?.ef_search).toBe(audit.figures[0]?.efSearch);
  });

  test('the graph index really is used, and finds k rows also where the filter leaves one in a hundred', async () => {
    const type = `halfvec(${DIMENSIONS})`;
    const lines = await at.transaction(async (tx) => {
      // As the search sets them; a table this small is otherwise scanned.
      await tx.query(`select set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)`);
      return tx.query<{ 'QUERY PLAN': string }>(
        `explain select reading_id from embedding_1 where current and in_graph order by (vector::${type}) <=> $1::${type} limit 5`,
        [`[${[...vector()].join(',')}]`],
      );
    });
    expect(lines.map((line) => line['QUERY PLAN']).join()).toContain('Index Scan using embedding_1_graph');
    const answer = await search({ method: 'hnsw', filter: { finding: 'Pneumothorax' } });
    expect(answer.neighbours).toHaveLength(10);
    expect(answer.neighbours.every(({ findings }) => findings.includes('Pneumothorax'))).toBe(true);
  });

  test.each(['exact', 'hnsw'] as const)('filters and exclusions are honoured by the %s search', async (method) => {
    const filter = { sex: 'F', view: 'PA', ageYears: { from: 30, to: 59 } };
    const { neighbours } = await search({ method, filter, k: 50, excludePatientKey: 'id:15', excludeStudyUid: 's33' });
    expect(neighbours).toHaveLength(50);
    for (const { sex, view, ageYears = -1, patientKey, studyUid } of neighbours) {
      expect({ sex, view }).toEqual({ sex: 'F', view: 'PA' });
      expect(ageYears).toBeGreaterThanOrEqual(30);
      expect(ageYears).toBeLessThanOrEqual(59);
      expect(patientKey).not.toBe('id:15');
      expect(studyUid).not.toBe('s33');
    }
  });

  test('the same patient is never a neighbour, and the same film under another name is shown apart', async () => {
    const film = vector();
    await commit(film, {}, { patientId: 'BN-SELF' });
    const twin = await commit(film, {}, { patientId: 'BN-TWIN' });
    const cases = await similarCases(at.local.embeddings, {
      space,
      vector: film,
      patientKey: 'id:BN-SELF',
      studyUid: 'none',
    });
    expect(cases.nearDuplicates.map(({ studyUid }) => studyUid)).toEqual([twin]);
    expect(cases.neighbours).toHaveLength(5);
    expect(cases.neighbours.some(({ patientKey }) => patientKey === 'id:BN-SELF')).toBe(false);
  });

  test('what a row does not know matches no filter', async () => {
    const film = vector();
    const unknown = await commit(film);
    const of = async (filter: VectorQuery['filter']) =>
      (await search({ vector: film, k: 1, ...(filter && { filter }) })).neighbours.map(({ studyUid }) => studyUid);
    expect(await of(undefined)).toEqual([unknown]);
    expect(await of({ sex: 'M' })).not.toEqual([unknown]);
    expect(await of({ ageYears: { from: 0, to: 150 } })).not.toEqual([unknown]);
  });

  test('model versions never meet, nor do facilities', async () => {
    const film = vector();
    await commit(film, {}, { modelVersion: '2' });
    await commit(film, {}, { facility: 'other' });
    const v2 = await at.local.embeddings.search({ space: { ...space, modelVersion: '2' }, vector: film, k: 10 });
    expect(v2.neighbours).toHaveLength(1);
    const other = await at.store.facility('other');
    expect((await other.embeddings.search({ space, vector: film, k: 10 })).neighbours).toHaveLength(1);
    expect(await other.embeddings.size(space)).toBe(1);
    expect(await at.local.embeddings.search({ space: { ...space, modelId: 'none' }, vector: film, k: 1 })).toEqual({
      method: 'exact',
      neighbours: [],
    });
    expect(await at.local.embeddings.spaces()).toMatchObject([{ modelVersion: '1' }, { modelVersion: '2', size: 1 }]);
  });

  test('what a clinician answers to an alert is a label of that finding alone, found with the neighbour; the newest counts', async () => {
    const film = vector();
    const studyUid = await commit(film, { findings: ['Effusion', 'Mass'] });
    const neighbour = async () => (await search({ vector: film, k: 1 })).neighbours[0];
    expect(await neighbour()).not.toHaveProperty('confirmed');
    const evidence = [{ code: 'Effusion', text: { vi: 'x', en: 'x' } }];
    const alert = sampleAlert(sampleReading(sampleInstance({ studyUid })), { evidence });
    await at.local.alerts.raise({ kind: 'alert', alert });
    const answer = (kind: string, to?: 'acknowledged' | 'false-positive') => ({
      id: randomUUID(),
      alertId: alert.id,
      at: at.clock.now().toISOString(),
      actor: 'bs.lan',
      channel: 'web',
      kind,
      ...(to && { to }),
    });
    await at.local.alerts.record(answer('acknowledged', 'acknowledged'), { from: 'new' });
    expect(await neighbour()).toMatchObject({
      studyUid,
      findings: ['Effusion', 'Mass'],
      labelSource: 'model',
      confirmed: { present: ['Effusion'], absent: [] },
    });
    at.clock.advance(60_000);
    await at.local.alerts.record(answer('false-positive', 'false-positive'), { from: 'acknowledged' });
    expect((await neighbour())?.confirmed).toEqual({ present: [], absent: ['Effusion'] });
    // Too late to change the alert, and no word on the film.
    await at.local.alerts.record(answer('acknowledged'), { from: 'false-positive' });
    expect((await neighbour())?.confirmed).toEqual({ present: [], absent: ['Effusion'] });
    const audit = await at.local.audit.list({ subjectType: 'study', subjectId: studyUid });
    expect(
      audit.filter(({ action }) => action === 'study.labelled').map(({ actor, detail }) => [actor, detail]),
    ).toEqual(
      expect.arrayContaining([
        ['bs.lan', { findingCode: 'Effusion', present: true, alertId: alert.id }],
        ['bs.lan', { findingCode: 'Effusion', present: false, alertId: alert.id }],
      ]),
    );
  });

  test('a superseded reading is found no more, but its vector is kept', async () => {
    const film = vector();
    const instance = sampleInstance();
    await at.local.intake.accept(instance, { actor: 'upload' });
    const embedding = { vector: film, facets: { findings: [], labelSource: 'model' as const } };
    const bare = { heatmaps: [], told: [], outbox: [], audit: [], embedding };
    const first = sampleReading(instance);
    await at.local.readings.commit({ ...bare, reading: first });
    const second = sampleReading(instance, { provenance: sampleProvenance({ thresholdVersion: '2' }) });
    await at.local.readings.commit({ ...bare, reading: second });
    const { neighbours } = await search({ vector: film, k: 1 });
    expect(neighbours).toMatchObject([{ readingId: second.id }]);
    expect(await at.local.embeddings.vectorOf(first.id, space)).toHaveLength(DIMENSIONS);
  });

  test('the first readings of a new model at the same moment make one space', async () => {
    const version = { modelVersion: '9' };
    await Promise.all(Array.from({ length: 6 }, () => commit(vector(), {}, version)));
    expect(await at.local.embeddings.size({ ...space, ...version })).toBe(6);
  });
});
