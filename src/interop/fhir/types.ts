// The resource types that this server shows: how each is searched, read and rendered. One screen that says what /fhir can do.
import type { AlertStatus } from '#kernel/alert.ts';
import { findingsCoded } from '#preread/codes.ts';
import type { FhirFinder, Found } from './ports.ts';
import type { Resource } from './resource.ts';
import type { PageRequest, Shown } from './search/page.ts';
import { deviceSearch, provenanceSearch } from './search/mixed.ts';
import {
  accessionKind,
  listsOf,
  type Narrowed,
  NOTHING,
  type Reader,
  type Readers,
  readIdentifiers,
  readPatients,
  studyKind,
  uuidKind,
} from './search/narrow.ts';
import type { SearchParameter } from './search/parse.ts';
import { auditEventView } from './views/audit-event.ts';
import { detectedIssueView, ISSUE_STATUS } from './views/detected-issue.ts';
import { diagnosticReportView } from './views/diagnostic-report.ts';
import { flagView } from './views/flag.ts';
import { imagingStudyView } from './views/imaging-study.ts';
import { observationId, observationView } from './views/observation.ts';
import { riskAssessmentView } from './views/risk-assessment.ts';
import type { ViewContext } from './views/view-context.ts';
import type { IdentifierSystems } from './systems.ts';

export type Search = (find: FhirFinder, page: PageRequest, context: ViewContext) => Promise<readonly Shown[]>;

export interface ResourceType {
  readonly parameters: readonly SearchParameter[];
  readonly search: Search;
}

const PATIENT: readonly SearchParameter[] = [{ name: 'patient', type: 'reference', asks: 'patient' }];
const SUBJECT: readonly SearchParameter[] = [...PATIENT, { name: 'subject', type: 'reference', asks: 'patient' }];
const IDENTIFIER: SearchParameter = { name: 'identifier', type: 'token', asks: 'identifier' };
const time = (name: string): SearchParameter => ({ name, type: 'date', asks: 'time' });
const ownTime = (name: string): SearchParameter => ({ ...time(name), own: true });

const queryOf = ({ asked, limit, after }: PageRequest, readers: Readers): Narrowed => {
  const { statuses, ...lists } = listsOf(asked, readers);
  return {
    ...lists,
    ...(statuses !== undefined && { statuses: ALERT_STATUSES.filter((status) => statuses.includes(status)) }),
    times: asked.times,
    updated: asked.updated,
    limit,
    ...(after !== undefined && { after }),
  };
};

const ALERT_STATUSES: readonly AlertStatus[] = [
  'new',
  'seen',
  'acknowledged',
  'overridden',
  'false-positive',
  'resolved',
  'expired',
];

const isObservationStatus = (system: string | undefined): boolean =>
  system === undefined || system === 'http://hl7.org/fhir/observation-status';

/** DetectedIssue's status is what we make of the alert's. */
const readIssueStatus: Reader = (tokens) => ({
  statuses: ALERT_STATUSES.filter((status) =>
    tokens.some(({ system, value }) => isObservationStatus(system) && value === ISSUE_STATUS[status]),
  ),
});

/** Everything of this type is preliminary. */
const readPreliminary: Reader = (tokens) => (tokens.some(({ value }) => value === 'preliminary') ? undefined : NOTHING);

const readFinding =
  (systems: IdentifierSystems): Reader =>
  (tokens) => ({
    codes: tokens.flatMap(({ system, value }) => [
      ...(system === undefined || system === systems.codes.finding ? [value] : []),
      ...findingsCoded(system, value),
    ]),
  });

const readActor =
  (systems: IdentifierSystems): Reader =>
  (tokens) => ({
    actors: tokens.flatMap(({ system, value }) => (system === undefined || system === systems.login ? [value] : [])),
  });

const SUBJECT_TYPES: Readonly<Record<string, string>> = {
  DetectedIssue: 'alert',
  DiagnosticReport: 'reading',
  RiskAssessment: 'assessment',
  ImagingStudy: 'study',
};

/** `DetectedIssue/0190…` as the audit names it. */
const readEntity: Reader = (tokens) => ({
  subjects: tokens.flatMap(({ value }) => {
    const [type = '', id = ''] = value.split('/', 2);
    const subject = SUBJECT_TYPES[type];
    return subject === undefined ? [] : [`${subject}/${id}`];
  }),
});

const shownBy =
  <Item>(view: (found: Found<Item>, context: ViewContext) => Resource | undefined) =>
  (found: readonly Found<Item>[], context: ViewContext): readonly Shown[] =>
    found.flatMap((one) => {
      const resource = view(one, context);
      return resource === undefined ? [] : [{ resource, key: one.key }];
    });

const searchAlerts =
  (
    about: 'patient' | undefined,
    show: ReturnType<typeof shownBy<Parameters<typeof detectedIssueView>[0]['item']>>,
  ): Search =>
  async (find, page, context) => {
    const { systems } = context;
    const query = queryOf(page, {
      patient: readPatients(systems),
      identifier: readIdentifiers([uuidKind(systems.alert, 'ids'), accessionKind(systems)]),
      status: readIssueStatus,
    });
    return show(await find.alerts({ ...query, ...(about !== undefined && { about }) }), context);
  };

const searchAssessments: Search = async (find, page, context) => {
  const { systems } = context;
  const query = queryOf(page, {
    patient: readPatients(systems),
    identifier: readIdentifiers([uuidKind(systems.assessment, 'ids'), { ...uuidKind(systems.alert, 'alerts') }]),
  });
  return shownBy(riskAssessmentView)(await find.assessments(query), context);
};

const searchReports: Search = async (find, page, context) => {
  const { systems } = context;
  const query = queryOf(page, {
    patient: readPatients(systems),
    identifier: readIdentifiers([uuidKind(systems.reading, 'ids'), accessionKind(systems)]),
    status: readPreliminary,
  });
  return shownBy(diagnosticReportView)(await find.readings(query), context);
};

/** An observation's id begins with its reading's. */
const searchObservations: Search = async (find, page, context) => {
  const { systems } = context;
  const { ids, ...query } = queryOf(page, {
    patient: readPatients(systems),
    identifier: readIdentifiers([{ system: systems.finding, list: 'ids', read: (value) => value }]),
    status: readPreliminary,
    code: readFinding(systems),
  });
  const readings = ids && [...new Set(ids.map((id) => id.split('.', 1)[0] ?? ''))];
  // All findings of a reading are read to find the ones meant: a reading has some twenty.
  const limit = readings === undefined ? query.limit : 50 * readings.length + 1;
  const found = await find.findings({ ...query, ...(readings !== undefined && { ids: readings }), limit });
  const wanted = found.filter(
    ({ item }) => ids === undefined || ids.includes(observationId(item.reading.id, item.code)),
  );
  return shownBy(observationView)(wanted.slice(0, query.limit), context);
};

const searchStudies: Search = async (find, page, context) => {
  const { systems } = context;
  const query = queryOf(page, {
    patient: readPatients(systems),
    identifier: readIdentifiers([studyKind, accessionKind(systems)]),
  });
  return shownBy(imagingStudyView)(await find.studies(query), context);
};

const searchAudit: Search = async (find, page, context) => {
  const { systems } = context;
  const query = queryOf(page, { patient: readPatients(systems), actor: readActor(systems), entity: readEntity });
  return shownBy(auditEventView)(await find.audit(query), context);
};

const STATUS: SearchParameter = { name: 'status', type: 'token', asks: 'status' };

export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['RiskAssessment', { parameters: [...SUBJECT, time('date'), IDENTIFIER], search: searchAssessments }],
  [
    'DetectedIssue',
    {
      parameters: [...PATIENT, time('identified'), ownTime('date'), IDENTIFIER, { ...STATUS, own: true }],
      search: searchAlerts(undefined, shownBy(detectedIssueView)),
    },
  ],
  [
    'Observation',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER, STATUS, { name: 'code', type: 'token', asks: 'code' }],
      search: searchObservations,
    },
  ],
  ['DiagnosticReport', { parameters: [...SUBJECT, time('date'), IDENTIFIER, STATUS], search: searchReports }],
  ['ImagingStudy', { parameters: [...SUBJECT, time('started'), ownTime('date'), IDENTIFIER], search: searchStudies }],
  [
    'Provenance',
    {
      parameters: [...PATIENT, time('when'), ownTime('date'), { name: 'target', type: 'reference', asks: 'target' }],
      search: provenanceSearch,
    },
  ],
  ['Device', { parameters: [IDENTIFIER, { name: 'model', type: 'string', asks: 'model' }], search: deviceSearch }],
  [
    'Flag',
    {
      parameters: [...SUBJECT, time('date'), IDENTIFIER],
      search: searchAlerts('patient', shownBy(flagView)),
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
      search: searchAudit,
    },
  ],
]);
