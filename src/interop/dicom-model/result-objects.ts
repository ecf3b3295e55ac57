// An assessed reading as DICOM objects: SR, SEG where a map is shown, and a Secondary Capture. Views of the same record: nothing is
// computed here that the reading does not say.
import type { Language, Sentence } from '#kernel/errors.ts';
import type { Finding, Reading } from '#kernel/finding.ts';
import { localIso } from '#kernel/local-time.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { type Code, own } from '#dicom/write/code.ts';
import { measurementReport, type ReportFinding } from '#dicom/write/measurement-report.ts';
import type { ResultContext, ResultObject } from '#dicom/write/result-object.ts';
import { secondaryCapture } from '#dicom/write/secondary-capture.ts';
import { type Segment, segmentation } from '#dicom/write/segmentation.ts';
import { type SourceFilm, sourceFilmOf } from '#dicom/write/source-film.ts';
import { outline } from '#image/contour.ts';
import { decodeIndexedPng, type IndexedPicture } from '#image/indexed-png.ts';
import { decodePicture } from '#image/picture.ts';
import { LANGUAGES, say } from '#messages/say.ts';
import { findingCodes } from '#preread/read/finding-codes.ts';
import { evidencePicture } from './evidence-picture.ts';

export interface ResultParts {
  /** `assessed`; for other outcomes nothing is written. */
  readonly reading: Reading;
  /** The DICOM file that was read. */
  readonly film: Buffer;
  /** PNG by finding code, of those that are shown. */
  readonly maps: ReadonlyMap<string, Buffer>;
  /** The reading that this one superseded. */
  readonly predecessor?: string;
}

export interface ResultDeps {
  /** A finding's name by the model that gave it. */
  title(provenance: Provenance, code: string): Sentence;
  /** The film as PNG; decoded in another thread. */
  readonly pictures: { film(bytes: Buffer, longestSide: number): Promise<{ readonly png: Uint8Array }> };
}

/** Schemes of `findingCodes` as DICOM names them (PS3.16 table 8-1). */
const SCHEMES: Readonly<Record<string, string>> = {
  'http://snomed.info/sct': 'SCT',
  'http://dicom.nema.org/resources/ontology/DCM': 'DCM',
};

/** Evidence from half of its height on is outlined; steps of the map go from 0 to 255. */
const STRONG = 128;
const LONGEST_SIDE = 1024;
/** More would fill the picture with words. */
const MOST_LINES = 8;

function codeOf(code: string, title: Sentence): Code {
  const [coded] = findingCodes(code);
  const scheme = coded === undefined ? undefined : SCHEMES[coded.system];
  // The meaning is the head's own title: it says what was looked for, in the words of every other view.
  if (coded === undefined || scheme === undefined) return own(code, title.en);
  return { value: coded.code, scheme, meaning: title.en };
}

const strong = ({ columns, rows, indices }: IndexedPicture) => ({
  columns,
  rows,
  values: indices.map((step) => (step >= STRONG ? 1 : 0)),
});

/** Nearest neighbour: the map is coarse by itself, and a smooth edge would promise more than it knows. */
function maskOf(map: IndexedPicture, { columns, rows }: SourceFilm): Uint8Array {
  const small = strong(map);
  const across = Uint32Array.from({ length: columns }, (_, column) => Math.floor((column * small.columns) / columns));
  const mask = new Uint8Array(columns * rows);
  let last = -1;
  for (let row = 0; row < rows; row += 1) {
    const line = Math.floor((row * small.rows) / rows);
    const at = row * columns;
    if (line === last) mask.copyWithin(at, at - columns, at);
    else
      for (let column = 0; column < columns; column += 1)
        mask[at + column] = small.values[line * small.columns + across[column]!]!;
    last = line;
  }
  return mask;
}

function regionOf(map: IndexedPicture, film: SourceFilm): ReportFinding['region'] {
  const [sx, sy] = [film.columns / map.columns, film.rows / map.rows];
  return outline(strong(map))?.map(([x, y]) => [x * sx, y * sy] as const);
}

function wordsOf(reading: Reading, told: readonly (readonly [Finding, Sentence])[], map: boolean): readonly string[] {
  const line = (language: Language, [finding, title]: readonly [Finding, Sentence]): string =>
    say(language, finding.decision === 'positive' ? 'dicom.finding' : 'dicom.finding-undecided', {
      title: title[language],
      percent: Math.round(finding.probability * 100),
    });
  return LANGUAGES.flatMap((language) => [
    say(language, 'dicom.notice'),
    ...(reading.notForClinicalUse ? [say(language, 'dicom.not-clinical')] : []),
    ...told.slice(0, MOST_LINES).map((each) => line(language, each)),
    ...(told.some(([{ decision }]) => decision === 'positive') ? [] : [say(language, 'dicom.no-finding')]),
    say(language, map ? 'dicom.map' : 'dicom.no-map'),
  ]);
}

const rank = ({ decision }: Finding): number => (decision === 'positive' ? 0 : 1);

/** Throws CareError of the dicom and image rooms where the stored film or a map can no longer be read. */
export async function resultObjects(parts: ResultParts, deps: ResultDeps): Promise<readonly ResultObject[]> {
  const { reading, maps, predecessor } = parts;
  if (reading.outcome !== 'assessed') return [];
  const film = sourceFilmOf(parseDicom(parts.film));
  const { provenance } = reading;
  const context: ResultContext = {
    film,
    device: { modelId: provenance.modelId, modelVersion: provenance.modelVersion },
    readingId: reading.id,
    readAt: localIso(new Date(reading.readAt)),
  };
  const decoded = new Map([...maps].map(([code, png]) => [code, decodeIndexedPng(png)]));
  const titled = (finding: Finding) => [finding, deps.title(provenance, finding.code)] as const;
  const findings = reading.findings.map((finding): ReportFinding => {
    const title = deps.title(provenance, finding.code);
    const map = decoded.get(finding.code);
    const region = map === undefined ? undefined : regionOf(map, film);
    return {
      key: finding.code,
      code: codeOf(finding.code, title),
      title: `${title.en} / ${title.vi}`,
      probability: finding.probability,
      decision: finding.decision,
      ...(region !== undefined && { region }),
    };
  });
  const segments = findings.flatMap(({ key, code, title }): Segment[] => {
    const map = decoded.get(key);
    return map === undefined ? [] : [{ key, code, title, mask: maskOf(map, film) }];
  });
  const told = reading.findings
    .filter(({ decision }) => decision !== 'negative')
    .toSorted((a, b) => rank(a) - rank(b) || b.probability - a.probability)
    .map(titled);
  const first = told.find(([{ code }]) => decoded.has(code))?.[0].code;
  const map = first === undefined ? undefined : decoded.get(first);
  const picture = await deps.pictures.film(parts.film, LONGEST_SIDE);
  const captured = evidencePicture({
    film: await decodePicture(picture.png),
    ...(map !== undefined && { map }),
    // The finding whose map is shown stands first.
    words: wordsOf(
      reading,
      told.toSorted((a, b) => Number(b[0].code === first) - Number(a[0].code === first)),
      map !== undefined,
    ),
  });
  return [
    measurementReport({ findings, ...(predecessor !== undefined && { predecessor }) }, context),
    ...(segments.length === 0 ? [] : [segmentation(segments, context)]),
    secondaryCapture(captured, context),
  ];
}
