// The guided tour: on which page each step stands, which part it shows, and what it says. It opens no study of a patient: only a film that is
// marked as not for clinical use, as those of the demo are.
import { v1 } from '#web/pages/shell/api.ts';
import { studyAddress } from '#web/pages/shell/person.ts';
import { may } from '#web/pages/shell/session.ts';
import type { WordKey } from '#web/pages/shell/words.ts';

export interface TourStep {
  readonly path: string;
  /** The part that is shown, as a selector. */
  readonly shows: string;
  readonly text: WordKey;
}

const LIST: readonly TourStep[] = [
  { path: '/', shows: '.segmented', text: 'tour.order' },
  { path: '/', shows: 'tr[data-study-uid]', text: 'tour.row' },
  { path: '/', shows: '.controls', text: 'tour.filters' },
];

const studySteps = (path: string): readonly TourStep[] => [
  { path, shows: '.viewer', text: 'tour.film' },
  { path, shows: '[data-finding]', text: 'tour.finding' },
  { path, shows: '.alert-card', text: 'tour.alert' },
  { path, shows: '#close', text: 'tour.done' },
];

const INBOX: readonly TourStep[] = [{ path: '/alerts', shows: 'main.page h1', text: 'tour.inbox' }];
const HELP: readonly TourStep[] = [
  { path: '/help', shows: 'dl.glossary', text: 'tour.words' },
  { path: '/help', shows: 'dl.keys', text: 'tour.keys' },
];

/** A film of the demo with an alert, else any film of the demo. */
async function demoStudy(): Promise<string | undefined> {
  const { items } = (await v1.getWorklistRows({ limit: '100' })).data;
  const demo = items.filter(({ notForClinicalUse, outcome }) => notForClinicalUse && outcome === 'assessed');
  return (demo.find(({ alertIds }) => alertIds.length > 0) ?? demo[0])?.studyUid;
}

/** What this reader may see; without a demo film the study's steps are replaced by a word on how to get one. */
export async function tourSteps(): Promise<readonly TourStep[]> {
  const steps: TourStep[] = [];
  if (may('readings:read')) {
    const uid = await demoStudy();
    steps.push(...LIST.filter(({ shows }) => uid !== undefined || !shows.startsWith('tr')));
    if (uid === undefined) steps.push({ path: '/', shows: '[data-total]', text: 'tour.no-demo' });
    else steps.push(...studySteps(studyAddress(uid)));
  }
  if (may('alerts:read')) steps.push(...INBOX);
  return [...steps, ...HELP];
}
