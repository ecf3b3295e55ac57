// Search parameters of single resource types: status, code, agent, entity.
import { ALERT_STATUSES } from '#kernel/alert.ts';
import { findingsCoded } from '#preread/read/finding-codes.ts';
import type { IdentifierSystems } from '#interop/fhir/systems.ts';
import { ENTITY_TYPES } from '#interop/fhir/views/audit-event.ts';
import { ISSUE_STATUS } from '#interop/fhir/views/detected-issue.ts';
import { listsOf, type Narrowed, NOTHING, type Reader, type Readers } from './narrow.ts';
import type { PageRequest } from './page.ts';

export const queryOf = ({ asked, limit, sort, after }: PageRequest, readers: Readers): Narrowed => {
  const { statuses, ...lists } = listsOf(asked, readers);
  return {
    ...lists,
    ...(statuses !== undefined && { statuses: ALERT_STATUSES.filter((status) => statuses.includes(status)) }),
    times: asked.times,
    updated: asked.updated,
    limit,
    ...(sort !== undefined && { sort }),
    ...(after !== undefined && { after }),
  };
};

const isObservationStatus = (system: string | undefined): boolean =>
  system === undefined || system === 'http://hl7.org/fhir/observation-status';

/** DetectedIssue's status is what we make of the alert's. */
export const readIssueStatus: Reader = (tokens) => ({
  statuses: ALERT_STATUSES.filter((status) =>
    tokens.some(({ system, value }) => isObservationStatus(system) && value === ISSUE_STATUS[status]),
  ),
});

/** Everything of this type is preliminary. */
export const readPreliminary: Reader = (tokens) =>
  tokens.some(({ value }) => value === 'preliminary') ? undefined : NOTHING;

export const readFinding =
  (systems: IdentifierSystems): Reader =>
  (tokens) => ({
    codes: tokens.flatMap(({ system, value }) => [
      ...(system === undefined || system === systems.codes.finding ? [value] : []),
      ...findingsCoded(system, value),
    ]),
  });

export const readActor =
  (systems: IdentifierSystems): Reader =>
  (tokens) => ({
    actors: tokens.flatMap(({ system, value }) => (system === undefined || system === systems.login ? [value] : [])),
  });

const SUBJECT_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(ENTITY_TYPES).map(([subject, type]) => [type, subject]),
);

/** `DetectedIssue/0190…` as the audit names it. */
export const readEntity: Reader = (tokens) => ({
  subjects: tokens.flatMap(({ value }) => {
    const [type = '', id = ''] = value.split('/', 2);
    const subject = SUBJECT_TYPES.get(type);
    return subject === undefined ? [] : [`${subject}/${id}`];
  }),
});
