// Films that are only compared with: their quota, and what becomes of one that somebody sends after all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/ids.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
import { newUid, sampleInstance } from './samples.ts';

describe.each(HOSTS)('fetched films on %s', (host) => {
  let at: TestStore;
  beforeAll(async () => {
    at = await openTestStore(host);
  });
  afterAll(() => at.close());

  async function fetched(text: string, studyUid = newUid()): Promise<ReturnType<typeof sampleInstance>> {
    const content = await at.store.blobs.stage(Buffer.from(text));
    const { sha256, bytes } = content;
    const instance = sampleInstance({ studyUid, blob: { sha256, bytes } });
    await at.local.intake.accept(instance, { actor: 'priors', content, fetched: true });
    at.clock.advance(1_000);
    return instance;
  }
  const has = (text: string) => at.store.blobs.has(sha256Hex(text));

  test('the longest here go first, with their bytes, until the rest fits; what was sent is never removed', async () => {
    const own = sampleInstance({ blob: await at.store.blobs.put(Buffer.from('sent to us')) });
    await at.local.intake.accept(own, { actor: 'upload' });
    const films = [await fetched('one, ten b.'), await fetched('two, ten b.'), await fetched('three, 10b.')];
    expect(await at.local.fetched.evict(100)).toBe(0);
    expect(await at.local.fetched.evict(25)).toBe(1);
    expect([await has('one, ten b.'), await has('two, ten b.')]).toEqual([false, true]);
    expect((await at.local.intake.study(films[0]?.studyUid ?? ''))?.instances).toEqual([]);
    // Not even the smallest quota takes the one that has just come.
    expect(await at.local.fetched.evict(1)).toBe(1);
    expect([await has('two, ten b.'), await has('three, 10b.'), await has('sent to us')]).toEqual([false, true, true]);
    expect((await at.local.audit.verify()).intact).toBe(true);
  });

  test('a film that was removed is stored anew when it comes again', async () => {
    const film = await fetched('comes and goes');
    await fetched('keeps the last place');
    await at.local.fetched.evict(1);
    expect(await has('comes and goes')).toBe(false);
    const content = await at.store.blobs.stage(Buffer.from('comes and goes'));
    const again = await at.local.intake.accept(film, { actor: 'upload', content });
    expect(again.status).toBe('stored');
    expect(await has('comes and goes')).toBe(true);
    expect(await at.local.intake.study(film.studyUid)).not.toHaveProperty('fetchedAt');
  });

  test('a study that was fetched stays closed; one that somebody sends is opened and read', async () => {
    const film = await fetched('sent after all');
    const before = await at.local.intake.study(film.studyUid);
    expect([before?.fetchedAt, before?.closedAt]).toEqual([before?.fetchedAt, before?.fetchedAt]);
    expect(before?.fetchedAt).toBeDefined();
    expect((await at.local.intake.accept(film, { actor: 'upload' })).status).toBe('duplicate');
    const after = await at.local.intake.study(film.studyUid);
    expect([after?.fetchedAt, after?.closedAt, after?.factsRevision]).toEqual([undefined, undefined, 1]);
    // The other way round nothing changes: a study that was sent is not hidden because it is fetched too.
    await at.local.intake.accept(film, { actor: 'priors', fetched: true });
    expect((await at.local.intake.study(film.studyUid))?.fetchedAt).toBeUndefined();
  });
});
