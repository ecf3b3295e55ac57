// Searches over two kinds of records at once (Provenance), or over few (Device).
import { fhirErrors } from '../errors.ts';
import type { FhirFinder, Found } from '../ports.ts';
import { deviceView } from '../views/device.ts';
import { assessmentProvenance, readingProvenance } from '../views/provenance.ts';
import type { ViewContext } from '../views/view-context.ts';
import { listsOf, readIdentifiers, readPatients } from './narrow.ts';
import type { PageRequest, Shown } from './page.ts';
import type { Asked, Token } from './parse.ts';

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

/** Newest first over both; the cursor holds a place in each. */
export async function provenanceSearch(
  find: FhirFinder,
  { asked, limit, after }: PageRequest,
  context: ViewContext,
): Promise<readonly Shown[]> {
  const lists = listsOf(asked, { patient: readPatients(context.systems) });
  let sources: readonly string[] | undefined;
  for (const { asks, anyOf } of asked.tokens) {
    if (asks === 'target') sources = both(sources, await sourcesOf(anyOf, find));
  }
  const ids = both(lists.ids, sources);
  const query = {
    ...(ids !== undefined && { ids }),
    ...(lists.patients !== undefined && { patients: lists.patients }),
    times: asked.times,
    updated: asked.updated,
    limit,
  };
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
    if (one !== undefined && (other === undefined || one.updatedAt >= other.updatedAt)) {
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

const within = ({ updatedAt }: Found<unknown>, { updated }: Asked): boolean =>
  updated.every((group) =>
    group.some(
      ({ from, before }) => (from === undefined || updatedAt >= from) && (before === undefined || updatedAt < before),
    ),
  );

/** A site has served some tens of model files: they are filtered here. */
export async function deviceSearch(
  find: FhirFinder,
  { asked, limit, after = '0' }: PageRequest,
  context: ViewContext,
): Promise<readonly Shown[]> {
  const { systems } = context;
  const file = { system: systems.modelFile, list: 'codes', read: (value: string) => value } as const;
  const { ids, codes } = listsOf(asked, { identifier: readIdentifiers([file]) });
  const models = asked.tokens.filter(({ asks }) => asks === 'model');
  const wanted = (await find.models())
    .filter((found) => within(found, asked))
    .filter(({ item }) => codes === undefined || codes.includes(item.provenance.modelSha256))
    // A string parameter matches the beginning, whatever the case (R4).
    .filter(({ item }) =>
      models.every(({ anyOf }) =>
        anyOf.some(({ value }) => item.provenance.modelId.toLowerCase().startsWith(value.toLowerCase())),
      ),
    )
    .map((found) => deviceView(found, context))
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const start = /^\d{1,9}$/.test(after) ? Number(after) : wanted.length;
  return wanted.slice(start, start + limit).map((resource, at) => ({ resource, key: String(start + at + 1) }));
}
