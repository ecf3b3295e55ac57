// One round of asking a DICOMweb server for recent studies: instances that are not here yet are fetched by WADO-RS.
import { DAY_MS } from '#kernel/clock.ts';
import { z } from 'zod';
import { readParts } from '#http/multipart.ts';
import { localDay } from '#kernel/local-time.ts';
import type { PollSettings } from './settings.ts';
import { type Archive, CURSORS, fetchFile, fetchJson, type PollDeps, PollFault, takeOrStop } from './source.ts';

const attribute = z.object({ Value: z.array(z.unknown()).optional() }).optional();
const item = z.record(z.string(), attribute);
const list = z.array(item);
export type Item = z.infer<typeof item>;
const PAGE = 100;
const ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/** What fetching needs of the deps; a round of polling has a cursor and a clock beside it. */
export interface Round<Deps = Omit<PollDeps, 'cursors' | 'now'>> {
  readonly deps: Deps;
  readonly signal: AbortSignal;
}

export const first = (of: Item, tag: string): string | undefined => {
  const value = of[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};
export const uidOf = (of: Item, tag: string): string | undefined => {
  const value = first(of, tag);
  return value !== undefined && /^[0-9.]{1,64}$/.test(value) ? value : undefined;
};

export async function listAt(settings: Archive, path: string, { signal }: Round): Promise<readonly Item[]> {
  const found = list.safeParse(await fetchJson(settings, path, signal));
  if (!found.success) throw new PollFault('not-dicomweb');
  return found.data;
}

export async function fetchInstance(path: string, settings: Archive, { deps, signal }: Round): Promise<void> {
  const options = { signal, maxBytes: deps.maxInstanceBytes + 64 * 1024 };
  const { type, bytes } = await fetchFile(settings, { path, accept: ACCEPT }, options);
  if (bytes === undefined || !type.startsWith('multipart/')) return takeOrStop(bytes, settings, deps);
  const body = (async function* () {
    yield bytes;
  })();
  for await (const part of readParts(type, body, { maxPartBytes: deps.maxInstanceBytes, maxParts: 1 }))
    await takeOrStop(part.bytes, settings, deps);
}

async function fetchStudy(study: Item, settings: PollSettings, round: Round<PollDeps>): Promise<void> {
  const studyUid = uidOf(study, '0020000D');
  if (studyUid === undefined) return;
  // A study whose number of instances is the one of the last visit has nothing new.
  const key = `${settings.id}/${studyUid}`;
  const count = first(study, '00201208') ?? '';
  const before = (await round.deps.cursors.get(CURSORS, key))?.value;
  if (count !== '' && before === count) return;
  for (const instance of await listAt(settings, `/studies/${studyUid}/instances`, round)) {
    const [series, sop] = [uidOf(instance, '0020000E'), uidOf(instance, '00080018')];
    const modality = first(instance, '00080060');
    const wanted = modality === undefined || settings.modalities.includes(modality);
    if (series === undefined || sop === undefined || !wanted || (await round.deps.has(sop))) continue;
    await fetchInstance(`/studies/${studyUid}/series/${series}/instances/${sop}`, settings, round);
  }
  if (count !== '') await round.deps.cursors.put(CURSORS, key, count);
}

/** Always false: what is new is found by asking again. Throws PollFault and what fetching throws. */
export async function pollQido(settings: PollSettings, round: Round<PollDeps>): Promise<boolean> {
  const day = (back: number): string =>
    localDay(new Date(round.deps.now().getTime() - back * DAY_MS)).replaceAll('-', '');
  for (const modality of settings.modalities) {
    for (let offset = 0; ; offset += PAGE) {
      const query = `StudyDate=${day(settings.days - 1)}-${day(0)}&ModalitiesInStudy=${modality}&includefield=00201208&limit=${PAGE}&offset=${offset}`;
      const studies = await listAt(settings, `/studies?${query}`, round);
      for (const study of studies) await fetchStudy(study, settings, round);
      if (studies.length < PAGE) break;
    }
  }
  return false;
}
