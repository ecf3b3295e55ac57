// The result viewer that HisPro opens for an order line: who may see it is decided by a signed link, never by a guessable number.
import { MINUTE_MS } from '#kernel/clock.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Language } from '#kernel/errors.ts';
import type { FilmOf } from './alert-section.ts';
import type { HisproDeps } from '#interop/hispro/check-drug/check-drug.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';
import { equalSecrets, isValidLink, LINK_FIELDS, signedQuery, type LinkSubject } from '#access/signed-link.ts';
import type { HisproSettings, HisproStore, PictureKind, StudyEntry } from '#interop/hispro/ports.ts';
import { viewPage } from './view-page.ts';

export const VIEW_PATH = '/view';
export const PICTURE_PATH = '/view/picture';

const MAX_STUDIES = 200;
/** A link that HisPro itself opens is used at once. */
const EXCHANGED_MINUTES = 15;

const subjectOf = (query: URLSearchParams): LinkSubject => {
  const subject: { -readonly [field in keyof LinkSubject]: LinkSubject[field] } = {};
  for (const field of LINK_FIELDS) {
    const value = query.get(field);
    if (value !== null && value !== '') subject[field] = value;
  }
  return subject;
};

const untilAfter = (settings: Pick<HisproSettings, 'clock'>, minutes: number): Date =>
  new Date(settings.clock.now().getTime() + minutes * MINUTE_MS);

export type LinkSettings = Pick<HisproSettings, 'clock' | 'publicUrl' | 'linkKeys' | 'linkMinutes'>;

/** The address of the page that explains an alert, good for the site's `linkMinutes`. */
export const alertLink = (alertId: string, settings: LinkSettings): string =>
  `${settings.publicUrl}${VIEW_PATH}${signedQuery({ alert: alertId }, untilAfter(settings, settings.linkMinutes), settings.linkKeys)}`;

/** `about` is kind, reading id and finding. */
const pictureLink = (about: readonly [PictureKind, string, string], settings: HisproSettings): string =>
  `${PICTURE_PATH}${signedQuery({ picture: about.join('/') }, untilAfter(settings, EXCHANGED_MINUTES), settings.linkKeys)}`;

/** The addresses of the pictures behind a finding, where there are pictures. */
export const filmsFor =
  ({ settings, ports }: HisproDeps): FilmOf =>
  (readingId, code) =>
    ports.picture === undefined
      ? undefined
      : {
          film: pictureLink(['film', readingId, code], settings),
          heatmap: pictureLink(['heatmap', readingId, code], settings),
        };

export const patientStudies = (store: HisproStore, patientCode: string): Promise<readonly StudyEntry[]> =>
  store.worklist.list({ state: 'all', patientId: patientCode }, { limit: MAX_STUDIES });

/** Order line, patient and treatment must all belong together: a number alone opens nothing. */
async function findStudy(store: HisproStore, { ss, bn, lk }: LinkSubject): Promise<StudyEntry | undefined> {
  if (ss === undefined || bn === undefined) return undefined;
  const entries = await patientStudies(store, bn);
  return entries.find(
    ({ study }) =>
      study.accessionNumber === ss &&
      (study.treatmentCode === undefined || lk === undefined || study.treatmentCode === lk),
  );
}

/** The language is no part of what is signed. */
function otherLanguage(query: URLSearchParams, language: Language): string {
  const other = new URLSearchParams(query);
  other.set('lang', language === 'vi' ? 'en' : 'vi');
  return `${VIEW_PATH}?${other.toString()}`;
}

export type Viewed =
  | { readonly kind: 'page'; readonly status: 200 | 404; readonly page: string }
  /** The site's own key was right: the address without it, signed and short-lived. */
  | { readonly kind: 'redirect'; readonly to: string };

interface LinkedFacts {
  readonly entry: StudyEntry | undefined;
  readonly alerts: readonly Alert[];
}

async function find(store: HisproStore, subject: LinkSubject): Promise<LinkedFacts> {
  if (subject.alert !== undefined) {
    const alert = await store.alerts.get(subject.alert).catch(() => undefined);
    if (alert === undefined) return { entry: undefined, alerts: [] };
    const { patientCode, studyUid } = alert.subject;
    const entries = await patientStudies(store, patientCode);
    return { entry: entries.find(({ study }) => study.studyUid === studyUid), alerts: [alert] };
  }
  const entry = await findStudy(store, subject);
  if (entry === undefined) return { entry, alerts: [] };
  const alerts = await store.alerts.list({ patientCode: subject.bn ?? '', limit: 50 });
  return { entry, alerts: alerts.filter((alert) => alert.subject.studyUid === entry.study.studyUid) };
}

function requireValidLink(subject: LinkSubject, token: string, { clock, linkKeys }: HisproDeps['settings']): void {
  if (!isValidLink(subject, token, { now: clock.now(), keys: linkKeys })) {
    throw hisproErrors.error('link-expired', { field: 't' });
  }
}

/** Throws `hispro.link-expired` without a good signature or the site's viewer key. */
export async function view(query: URLSearchParams, language: Language, deps: HisproDeps): Promise<Viewed> {
  const { settings, ports } = deps;
  const subject = subjectOf(query);
  const token = query.get('t');
  const key = query.get('k');
  if (token === null) {
    const trusted = key !== null && settings.viewerKey !== undefined && equalSecrets(key, settings.viewerKey);
    if (!trusted || subject.alert !== undefined || subject.picture !== undefined) {
      throw hisproErrors.error('link-expired', { field: key === null ? 't' : 'k' });
    }
    const to = signedQuery(subject, untilAfter(settings, EXCHANGED_MINUTES), settings.linkKeys);
    return { kind: 'redirect', to: `${VIEW_PATH}${to}` };
  }
  requireValidLink(subject, token, settings);
  const store = await ports.facility(settings.facilityId);
  const { entry, alerts } = await find(store, subject);
  if (entry !== undefined || alerts.length > 0) {
    await store.audit.append({
      actor: 'link',
      action: 'study.opened',
      subjectType: entry === undefined ? 'alert' : 'study',
      subjectId: entry?.study.studyUid ?? subject.alert ?? '',
      detail: { channel: 'hispro' },
    });
  }
  const patientCode = subject.bn ?? alerts[0]?.subject.patientCode;
  const page = viewPage({
    language,
    entry,
    alerts,
    otherLanguage: otherLanguage(query, language),
    titleOf: (code) => ports.findingTitle?.(code, language) ?? code,
    filmOf: filmsFor(deps),
    ...(patientCode === undefined ? {} : { about: { patientCode, ...entry?.study } }),
  });
  return { kind: 'page', status: entry === undefined && alerts.length === 0 ? 404 : 200, page };
}

/** The picture's PNG, or undefined where there is none. Throws `hispro.link-expired`. */
export async function viewPicture(query: URLSearchParams, deps: HisproDeps): Promise<Uint8Array | undefined> {
  const { settings, ports } = deps;
  const subject = subjectOf(query);
  requireValidLink(subject, query.get('t') ?? '', settings);
  const [kind = '', readingId = '', ...code] = (subject.picture ?? '').split('/');
  if (kind !== 'film' && kind !== 'heatmap') return undefined;
  return ports.picture?.(kind, readingId, code.join('/'));
}
