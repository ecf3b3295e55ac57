// Earlier films of a person from a PACS by C-FIND, brought by C-GET, or by C-MOVE to our own port.
import { isoDate } from '#dicom/read/age.ts';
import { text as textIn } from '#dicom/read/character-set.ts';
import { ascii, asciiValues } from '#dicom/read/element.ts';
import { type Element, text } from '#dicom/write/element.ts';
import type { PriorStudy, PriorSource } from '#kernel/prior-source.ts';
import type { Remote } from '#interop/dimse/send/association.ts';
import type { StoreDeps } from '#interop/dimse/serve/store.ts';
import { find, get, move, type SeriesOfStudy, uidIn } from './query.ts';
import type { DimsePriorSettings } from '#interop/dimse/settings.ts';

/** A PACS may go on sending after it said that it has ended. */
const STILL_COMING_MS = 60_000;

export interface DimsePriorDeps extends StoreDeps {
  readonly moving: Set<string>;
  /** Our own title: the destination of a C-MOVE. */
  readonly aeTitle: string;
  readonly modalities: readonly string[];
  readonly maxDataSetBytes: number;
}

const empty = (tag: number, vr: string): Element => text(tag, vr, '');
const ISO_IR_192 = text(0x00080005, 'CS', 'ISO_IR 192');

/** Radiographs in the forms in which archives hold them. */
const FILM_CLASSES = ['1.2.840.10008.5.1.4.1.1.1', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.5.1.4.1.1.7'] as const;

export type PriorPeer = Omit<DimsePriorSettings, 'tls'> & Pick<Remote, 'tls'>;

export function dimsePriorSource(settings: PriorPeer, deps: DimsePriorDeps): PriorSource {
  const { host, port, aeTitle: calledAe, tls } = settings;
  const remote: Remote = {
    host,
    port,
    calledAe,
    callingAe: deps.aeTitle,
    ...(tls !== undefined && { tls }),
  };
  async function moved(series: SeriesOfStudy, signal: AbortSignal): Promise<void> {
    const { studyUid } = series;
    deps.moving.add(studyUid);
    try {
      await move(remote, series, { signal, destination: deps.aeTitle });
    } finally {
      setTimeout(() => deps.moving.delete(studyUid), STILL_COMING_MS).unref();
    }
  }

  return {
    id: settings.id,
    async find(patientId, signal) {
      const found = await find(
        remote,
        [
          ISO_IR_192,
          text(0x00080052, 'CS', 'STUDY'),
          text(0x00100020, 'LO', patientId),
          empty(0x00080020, 'DA'),
          empty(0x00080061, 'CS'),
          empty(0x00100030, 'DA'),
          empty(0x00100040, 'CS'),
          empty(0x0020000d, 'UI'),
        ],
        { signal },
      );
      return found.flatMap((match): PriorStudy[] => {
        const studyUid = uidIn(match, 0x0020000d);
        const modalities = asciiValues(match, 0x00080061);
        // An archive that does not say which modalities there are is asked for the series.
        const wanted = modalities.length === 0 || modalities.some((each) => deps.modalities.includes(each));
        if (studyUid === undefined || !wanted || textIn(match, 0x00100020) !== patientId) return [];
        const [date, birthDate, sex] = [
          isoDate(ascii(match, 0x00080020)),
          isoDate(ascii(match, 0x00100030)),
          ascii(match, 0x00100040),
        ];
        const patient = { id: patientId, ...(birthDate && { birthDate }), ...(sex && { sex }) };
        return [{ studyUid, patient, ...(date !== undefined && { date }) }];
      });
    },
    async fetch(studyUid, signal) {
      const series = await find(
        remote,
        [
          text(0x00080052, 'CS', 'SERIES'),
          text(0x0020000d, 'UI', studyUid),
          empty(0x00080060, 'CS'),
          empty(0x0020000e, 'UI'),
        ],
        { signal },
      );
      for (const each of series) {
        const seriesUid = uidIn(each, 0x0020000e);
        const modality = ascii(each, 0x00080060);
        if (seriesUid === undefined || modality === undefined || !deps.modalities.includes(modality)) continue;
        const which = { studyUid, seriesUid };
        if (settings.kind === 'c-move') await moved(which, signal);
        else await get(remote, which, { ...deps, signal, sopClasses: FILM_CLASSES });
      }
    },
  };
}
