// Earlier films of a person from an archive by QIDO-RS, fetched by WADO-RS.
import { fetchInstance, first, type Item, listAt, type Round, uidOf } from '#interop/dicomweb/poll/qido.ts';
import type { PollDeps } from '#interop/dicomweb/poll/source.ts';
import type { PriorStudy, PriorSource } from '#kernel/prior-source.ts';
import type { WebPriorSettings } from './settings.ts';

export interface WebPriorDeps extends Omit<PollDeps, 'cursors' | 'now'> {
  readonly modalities: readonly string[];
}

const MOST_STUDIES = 100;

const dayIn = (study: Item, tag: string): string | undefined =>
  /^(\d{4})-?(\d{2})-?(\d{2})$/
    .exec(first(study, tag) ?? '')
    ?.slice(1)
    .join('-');

function archived(study: Item, patientId: string): PriorStudy[] {
  const studyUid = uidOf(study, '0020000D');
  // A server that ignores the key would give other people's studies.
  if (studyUid === undefined || first(study, '00100020') !== patientId) return [];
  const [date, birthDate, sex] = [dayIn(study, '00080020'), dayIn(study, '00100030'), first(study, '00100040')];
  const patient = {
    id: patientId,
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== undefined && { sex }),
  };
  return [{ studyUid, patient, ...(date !== undefined && { date }) }];
}

export function webPriorSource(settings: WebPriorSettings, deps: WebPriorDeps): PriorSource {
  const roundOf = (signal: AbortSignal): Round => ({ deps, signal });
  return {
    id: settings.id,
    async find(patientId, signal) {
      const found = new Map<string, PriorStudy>();
      for (const modality of deps.modalities) {
        const query = new URLSearchParams({ PatientID: patientId, ModalitiesInStudy: modality });
        const path = `/studies?${query}&includefield=00100030&includefield=00100040&limit=${MOST_STUDIES}`;
        for (const study of await listAt(settings, path, roundOf(signal)))
          for (const each of archived(study, patientId)) found.set(each.studyUid, each);
      }
      return [...found.values()];
    },
    async fetch(studyUid, signal) {
      const round = roundOf(signal);
      for (const instance of await listAt(settings, `/studies/${studyUid}/instances`, round)) {
        const [series, sop, modality] = [
          uidOf(instance, '0020000E'),
          uidOf(instance, '00080018'),
          first(instance, '00080060'),
        ];
        const wanted = modality === undefined || deps.modalities.includes(modality);
        if (series === undefined || sop === undefined || !wanted || (await deps.has(sop))) continue;
        await fetchInstance(`/studies/${studyUid}/series/${series}/instances/${sop}`, settings, round);
      }
    },
  };
}
