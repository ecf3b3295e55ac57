// What this server can do, as R4 CapabilityStatement, and the OperationDefinition that it names.
import type { SearchParameter } from './search/parse.ts';
import { RESOURCE_TYPES } from './types.ts';

export interface Site {
  /** `https://host/fhir` */
  readonly base: string;
  readonly version: string;
  readonly assesses: boolean;
}

/** When this statement last changed. */
const DATE = '2026-11-25';

const COMMON: readonly { readonly name: string; readonly type: string }[] = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
];

const parameterView = ({ name, type, own }: SearchParameter): object => ({
  name,
  type,
  ...(own && { documentation: 'Not an R4 search parameter of this type.' }),
  ...(name === 'patient' || name === 'subject'
    ? { documentation: 'The hospital’s patient code; also as patient:identifier=system|code.' }
    : {}),
});

const operation = (base: string): object => ({
  name: 'assess',
  definition: `${base}/OperationDefinition/assess`,
});

const readable = (site: Site): object[] =>
  [...RESOURCE_TYPES].map(([type, { parameters }]) => ({
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'no-version',
    readHistory: false,
    searchParam: [...COMMON, ...parameters.map(parameterView)],
    ...(type === 'RiskAssessment' && site.assesses && { operation: [operation(site.base)] }),
  }));

export function capabilityStatement(site: Site): object {
  return {
    resourceType: 'CapabilityStatement',
    url: `${site.base}/metadata`,
    version: site.version,
    name: 'Haidang',
    title: 'Haidang: AI pre-reads and risk flags, preliminary',
    status: 'active',
    experimental: true,
    date: DATE,
    publisher: 'Haidang',
    description: 'Decision support only, not a registered medical device. Every resource is a view of a stored record.',
    kind: 'instance',
    software: { name: 'Haidang', version: site.version },
    implementation: { description: 'Haidang', url: site.base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Paging by the link "next". Unknown parameters: Prefer: handling=strict refuses, otherwise they are ignored and named in the Bundle. Language by Accept-Language (vi, en).',
        resource: [
          ...readable(site),
          {
            type: 'Subscription',
            interaction: [{ code: 'create' }, { code: 'read' }, { code: 'delete' }, { code: 'search-type' }],
            documentation: 'rest-hook on DetectedIssue, to receivers that the site has named.',
            searchParam: COMMON.slice(0, 1),
          },
        ],
        ...(site.assesses && { operation: [operation(site.base)] }),
      },
    ],
  };
}

export function assessDefinition({ base }: Site): object {
  return {
    resourceType: 'OperationDefinition',
    id: 'assess',
    url: `${base}/OperationDefinition/assess`,
    name: 'Assess',
    title: 'Risk of one patient by all equations that apply',
    status: 'active',
    kind: 'operation',
    date: DATE,
    description:
      'A collection Bundle of one Patient with Observations and Conditions in; a collection Bundle of RiskAssessments, their Devices, and an OperationOutcome of what was not used out. Nothing is stored.',
    affectsState: false,
    code: 'assess',
    resource: ['RiskAssessment'],
    system: true,
    type: true,
    instance: false,
    parameter: [
      { name: 'resource', use: 'in', min: 1, max: '1', type: 'Bundle' },
      { name: 'return', use: 'out', min: 1, max: '1', type: 'Bundle' },
    ],
  };
}
