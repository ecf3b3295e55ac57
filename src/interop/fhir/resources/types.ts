// The resource types that this server shows: how each is searched, read and rendered. One screen that says what /fhir can do.
import type { Found, Sort } from '#kernel/record-search.ts';
import type { FhirFinder } from '#interop/fhir/ports.ts';
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import type { Resource } from './resource.ts';
import type { PageRequest, Shown } from '#interop/fhir/search/page.ts';
import { deviceSearch, EVERY, provenanceCount, provenanceSearch } from '#interop/fhir/search/mixed.ts';
import {
  accessionKind,
  type Narrowed,
  readIdentifiers,
  readPatients,
  studyKind,
  uuidKind,
} from '#interop/fhir/search/narrow.ts';
import {
  queryOf,
  readActor,
  readEntity,
  readFinding,
  readIssueStatus,
  readPreliminary,
} from '#interop/fhir/search/readers.ts';
import type { SearchParameter } from '#interop/fhir/search/parse.ts';
import { auditEventView } from '#interop/fhir/views/audit-event.ts';
import { detectedIssueView } from '#interop/fhir/views/detected-issue.ts';
import { diagnosticReportView } from '#interop/fhir/views/diagnostic-report.ts';
import { flagView } from '#interop/fhir/views/flag.ts';
import { imagingStudyView } from '#interop/fhir/views/imaging-study.ts';
import { observationId, observationView } from '#interop/fhir/views/observation.ts';
import { riskAssessmentView } from '#interop/fhir/views/risk-assessment.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';

export type Search = (find: FhirFinder, page: PageRequest, context: ViewContext) => Promise<readonly Shown[]>;

export interface ResourceType {
  readonly parameters: readonly SearchParameter[];
  readonly search: Search;
  /** How many all pages hold together. */
  readonly count: (find: FhirFinder, page: PageRequest, context: ViewContext) => Promise<number>;
  /** What `_sort` may name, beside the parameters of time; the newest record comes first where it names none. */
  readonly sorts: readonly Sort['by'][];
  /** `_include=Type:name`, and the element whose references it follows. */
  readonly includes: ReadonlyMap<string, string>;
  /** `_revinclude=Provenance:target` leads to the Provenance of these. */
  readonly hasProvenance: boolean;
}

const PATIENT: readonly SearchParameter[] = [{ name: 'patient', type: 'reference', asks: 'patient' }];
const SUBJECT: readonly SearchParameter[] = [...PATIENT, { name: 'subject', type: 'reference', asks: 'patient' }];
const IDENTIFIER: SearchParameter = { name: 'identifier', type: 'token', asks: 'identifier' };
const time = (name: string): SearchParameter => ({ name, type: 'date', asks: 'time' });
const ownTime = (name: string): SearchParameter => ({ ...time(name), own: true });

const shownBy =
  <Item>(view: (found: Found<Item>, context: ViewContext) => Resource | undefined) =>
  (found: readonly Found<Item>[], context: ViewContext): readonly Shown[] =>
    found.flatMap((one) => {
      const resource = view(one, context);
      return resource === undefined ? [] : [{ resource, key: one.key }];
    });

type QueryOf = (page: PageRequest, context: ViewContext) => Narrowed;

interface Listed<Item> {
  readonly query: QueryOf;
  readonly list: (find: FhirFinder, query: Narrowed) => Promise<readonly Found<Item>[]>;
  readonly count: (find: FhirFinder, query: Narrowed) => Promise<number>;
  readonly view: (found: Found<Item>, context: ViewContext) => Resource | undefined;
}

/** A type that is one kind of stored record. */
const listed = <Item>({
  query,
  list,
  count,
  view,
}: Listed<Item>): Pick<ResourceType, 'search' | 'count' | 'sorts'> => ({
  search: async (find, page, context) => shownBy(view)(await list(find, query(page, context)), context),
  count: (find, page, context) => count(find, query(page, context)),
  sorts: ['time', 'updated'],
});

const alertQuery =
  (about: 'patient' | undefined): QueryOf =>
  (page, { systems }) => ({
    ...queryOf(page, {
      patient: readPatients(systems),
      identifier: readIdentifiers([uuidKind(systems.alert, 'ids'), accessionKind(systems)]),
      status: readIssueStatus,
    }),
    ...(about !== undefined && { about }),
  });

const ofAlerts = (about: 'patient' | undefined, view: Listed<AlertRecord>['view']) =>
  listed({
    query: alertQuery(about),
    list: (find, query) => find.alerts(query),
    count: (find, query) => find.countAlerts(query),
    view,
  });

const ofAssessments = listed({
  query: (page, { systems }) =>
    queryOf(page, {
      patient: readPatients(systems),
      identifier: readIdentifiers([uuidKind(systems.assessment, 'ids'), { ...uuidKind(systems.alert, 'alerts') }]),
    }),
  list: (find, query) => find.assessments(query),
  count: (find, query) => find.countAssessments(query),
  view: riskAssessmentView,
});

const ofReports = listed({
  query: (page, { systems }) =>
    queryOf(page, {
      patient: readPatients(systems),
      identifier: readIdentifiers([uuidKind(systems.reading, 'ids'), accessionKind(systems)]),
      status: readPreliminary,
    }),
  list: (find, query) => find.readings(query),
  count: (find, query) => find.countReadings(query),
  view: diagnosticReportView,
});

const observationQuery: QueryOf = (page, { systems }) =>
  queryOf(page, {
    patient: readPatients(systems),
    identifier: readIdentifiers([{ system: systems.finding, list: 'ids', read: (value) => value }]),
    status: readPreliminary,
    code: readFinding(systems),
  });

/** An observation's id begins with its reading's. All findings of a reading are read to find the ones meant: it has some twenty. */
async function findingsOf(find: FhirFinder, { ids, ...query }: Narrowed) {
  if (ids === undefined) return find.findings(query);
  const readings = [...new Set(ids.map((id) => id.split('.', 1)[0] ?? ''))];
  const found = await find.findings({ ...query, ids: readings, limit: 50 * readings.length + 1 });
  return found.filter(({ item }) => ids.includes(observationId(item.reading.id, item.code))).slice(0, query.limit);
}

const ofObservations = listed({
  query: observationQuery,
  list: findingsOf,
  count: async (find, query) =>
    query.ids === undefined
      ? find.countFindings(query)
      : (await findingsOf(find, { ...query, limit: query.ids.length })).length,
  view: observationView,
});

const ofStudies = listed({
  query: (page, { systems }) =>
    queryOf(page, {
      patient: readPatients(systems),
      identifier: readIdentifiers([studyKind, accessionKind(systems)]),
    }),
  list: (find, query) => find.studies(query),
  count: (find, query) => find.countStudies(query),
  view: imagingStudyView,
});

const ofAudit = listed({
  query: (page, { systems }) =>
    queryOf(page, { patient: readPatients(systems), actor: readActor(systems), entity: readEntity }),
  list: (find, query) => find.audit(query),
  count: (find, query) => find.countAudit(query),
  view: auditEventView,
});

const STATUS: SearchParameter = { name: 'status', type: 'token', asks: 'status' };
const NONE = { includes: new Map<string, string>(), hasProvenance: false };

export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  [
    'RiskAssessment',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER],
      ...ofAssessments,
      includes: new Map([['performer', 'performer']]),
      hasProvenance: true,
    },
  ],
  [
    'DetectedIssue',
    {
      parameters: [...PATIENT, time('identified'), ownTime('date'), IDENTIFIER, { ...STATUS, own: true }],
      ...ofAlerts(undefined, detectedIssueView),
      ...NONE,
      includes: new Map([
        ['implicated', 'implicated'],
        ['author', 'author'],
      ]),
    },
  ],
  [
    'Observation',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER, STATUS, { name: 'code', type: 'token', asks: 'code' }],
      ...ofObservations,
      includes: new Map([
        ['derived-from', 'derivedFrom'],
        ['device', 'device'],
      ]),
      hasProvenance: true,
    },
  ],
  [
    'DiagnosticReport',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER, STATUS],
      ...ofReports,
      includes: new Map([['result', 'result']]),
      hasProvenance: true,
    },
  ],
  ['ImagingStudy', { parameters: [...SUBJECT, time('started'), ownTime('date'), IDENTIFIER], ...ofStudies, ...NONE }],
  [
    'Provenance',
    {
      parameters: [...PATIENT, time('when'), ownTime('date'), { name: 'target', type: 'reference', asks: 'target' }],
      search: provenanceSearch,
      count: provenanceCount,
      sorts: ['updated'],
      includes: new Map([
        ['target', 'target'],
        ['agent', 'agent'],
        ['entity', 'entity'],
      ]),
      hasProvenance: false,
    },
  ],
  [
    'Device',
    {
      parameters: [IDENTIFIER, { name: 'model', type: 'string', asks: 'model' }],
      search: deviceSearch,
      count: async (find, page, context) => (await deviceSearch(find, { ...page, limit: EVERY }, context)).length,
      sorts: [],
      ...NONE,
    },
  ],
  [
    'Flag',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER],
      ...ofAlerts('patient', flagView),
      ...NONE,
      includes: new Map([['author', 'author']]),
    },
  ],
  [
    'AuditEvent',
    {
      parameters: [
        ...PATIENT,
        time('date'),
        { name: 'agent', type: 'reference', asks: 'actor' },
        { name: 'entity', type: 'reference', asks: 'entity' },
      ],
      ...ofAudit,
      ...NONE,
      includes: new Map([['entity', 'entity']]),
    },
  ],
]);
