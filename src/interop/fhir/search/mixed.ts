// Searches over two kinds of records at once (Provenance), or over few (Device).
import { fhirErrors } from '#interop/fhir/errors.ts';
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { Resource } from '#interop/fhir/resources/resource.ts';
import { deviceView } from '#interop/fhir/views/device.ts';
import { assessmentProvenance, readingProvenance } from '#interop/fhir/views/provenance.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';
import { listsOf, readIdentifiers, readPatients } from './narrow.ts';
import type { PageRequest, Shown } from './page.ts';
import type { Token } from './token.ts';

/** The results that these references mean: a reading's report and findings, a risk, or what an alert came from. */
async function sourcesOf(tokens: readonly Token[], find: FhirFinder): Promise<readonly string[]> {
  const sources = await Promise.all(
    tokens.map(async ({ value }) => {
      const [type = '', id = ''] = value.split('/', 2);
      switch (type) {
        case 'DiagnosticReport':
        case 'RiskAssessment':
          return [id];
        case 'Observation':
          return [id.split('.', 1)[0] ?? ''];
        case 'DetectedIssue':
        case 'Flag':
          return (await find.alerts({ ids: [id], limit: 1 })).map(({ item }) => item.alert.sourceId);
        default:
          throw fhirErrors.error('bad-parameter', {
            field: 'target',
            reason: 'send Type/id of a resource of this server',
          });
      }
    }),
  );
  return sources.flat();
}

const both = (one: readonly string[] | undefined, other: readonly string[] | undefined) =>
  one === undefined ? other : other === undefined ? one : one.filter((id) => other.includes(id));

async function provenanceQuery(find: FhirFinder, { asked, limit, sort }: PageRequest, context: ViewContext) {
  const lists = listsOf(asked, { patient: readPatients(context.systems) });
  let sources: readonly string[] | undefined;
  for (const { asks, anyOf } of asked.tokens) {
    if (asks === 'target') sources = both(sources, await sourcesOf(anyOf, find));
  }
  const ids = both(lists.ids, sources);
  return {
    ...(ids !== undefined && { ids }),
    ...(lists.patients !== undefined && { patients: lists.patients }),
    times: asked.times,
    updated: asked.updated,
    ...(sort !== undefined && { sort }),
    limit,
  };
}

export async function provenanceCount(find: FhirFinder, page: PageRequest, context: ViewContext): Promise<number> {
  const query = await provenanceQuery(find, page, context);
  const [readings, assessments] = await Promise.all([find.countReadings(query), find.countAssessments(query)]);
  return readings + assessments;
}

/** Newest first over both, or as sorted; the cursor holds a place in each. */
export async function provenanceSearch(
  find: FhirFinder,
  page: PageRequest,
  context: ViewContext,
): Promise<readonly Shown[]> {
  const { limit, after, sort } = page;
  const query = await provenanceQuery(find, page, context);
  const ascending = sort?.descending === false;
  const comesFirst = (a: string, b: string): boolean => (ascending ? a <= b : a >= b);
  const [readingsAfter = '', assessmentsAfter = ''] = (after ?? '').split('_', 2);
  const [readings, assessments] = await Promise.all([
    find.readings({ ...query, ...(readingsAfter !== '' && { after: readingsAfter }) }),
    find.assessments({ ...query, ...(assessmentsAfter !== '' && { after: assessmentsAfter }) }),
  ]);
  let [reading, assessment] = [0, 0];
  let [readingKey, assessmentKey] = [readingsAfter, assessmentsAfter];
  const shown: Shown[] = [];
  while (shown.length < limit) {
    const [one, other] = [readings[reading], assessments[assessment]];
    if (one === undefined && other === undefined) break;
    if (one !== undefined && (other === undefined || comesFirst(one.updatedAt, other.updatedAt))) {
      reading += 1;
      readingKey = one.key;
      shown.push({ resource: readingProvenance(one, context), key: `${readingKey}_${assessmentKey}` });
    } else if (other !== undefined) {
      assessment += 1;
      assessmentKey = other.key;
      shown.push({ resource: assessmentProvenance(other, context), key: `${readingKey}_${assessmentKey}` });
    }
  }
  return shown;
}

/** Few enough to be held at once: narrowed by id and by when they changed, in the order given. */
export function pageOf(all: readonly Resource[], { asked, limit, after = '0' }: PageRequest): readonly Shown[] {
  const wanted = all.filter(
    ({ id, meta: { lastUpdated = '' } }) =>
      (asked.ids?.includes(id) ?? true) &&
      asked.updated.every((group) =>
        group.some(
          ({ from, before }) =>
            (from === undefined || lastUpdated >= from) && (before === undefined || lastUpdated < before),
        ),
      ),
  );
  const start = /^\d{1,9}$/.test(after) ? Number(after) : wanted.length;
  return wanted.slice(start, start + limit).map((resource, at) => ({ resource, key: String(start + at + 1) }));
}

/** More than a site ever has. */
export const EVERY = 10_000;

/** A site has served some tens of model files: they are filtered here. */
export async function deviceSearch(
  find: FhirFinder,
  page: PageRequest,
  context: ViewContext,
): Promise<readonly Shown[]> {
  const { asked } = page;
  const file = { system: context.systems.modelFile, list: 'codes', read: (value: string) => value } as const;
  const { ids, codes } = listsOf(asked, { identifier: readIdentifiers([file]) });
  const models = asked.tokens.filter(({ asks }) => asks === 'model');
  const devices = (await find.models())
    .filter(({ item }) => codes === undefined || codes.includes(item.provenance.modelSha256))
    // A string parameter matches the beginning, whatever the case (R4).
    .filter(({ item }) =>
      models.every(({ anyOf }) =>
        anyOf.some(({ value }) => item.provenance.modelId.toLowerCase().startsWith(value.toLowerCase())),
      ),
    )
    .map((found) => deviceView(found, context))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(devices, { ...page, asked: { ...asked, ...(ids !== undefined && { ids }) } });
}
