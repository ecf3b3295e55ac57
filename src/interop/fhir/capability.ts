// The R4 CapabilityStatement of this server, and the OperationDefinition that it names.
import { PROVENANCE_TARGET, type SearchParameter } from '#interop/fhir/search/parse.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';

export interface Site {
  /** `https://host/fhir` */
  readonly base: string;
  readonly version: string;
  readonly assesses: boolean;
}

/** When this statement last changed. */
const DATE = '2026-11-30';

const COMMON: readonly { readonly name: string; readonly type: string }[] = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
];

const parameterView = ({ name, type, own }: SearchParameter): object => ({
  name,
  type,
  ...(own && { documentation: 'Not an R4 search parameter of this type.' }),
  ...(name === 'patient' || name === 'subject'
    ? {
        documentation:
          'The hospital’s patient code, alone or as Patient/code; its identifier as patient:identifier=system|code or patient.identifier.',
      }
    : {}),
});

const operation = (base: string): object => ({
  name: 'assess',
  definition: `${base}/OperationDefinition/assess`,
});

const readable = (site: Site): object[] =>
  [...RESOURCE_TYPES].map(([type, { parameters, includes, hasProvenance }]) => ({
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'no-version',
    readHistory: false,
    ...(includes.size > 0 && { searchInclude: [...includes.keys()].map((name) => `${type}:${name}`) }),
    ...(hasProvenance && { searchRevInclude: [PROVENANCE_TARGET] }),
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
        documentation: [
          'Paging by the link "next", _count up to 200, or 50 with _include.',
          '_sort by _lastUpdated or one parameter of time, ascending or with "-" descending; Provenance by _lastUpdated only, Device not at all.',
          '_summary (true, text, data, false; count), _elements and _total=accurate; the first and _elements in a read too.',
          'What is not known: Prefer: handling=strict refuses, otherwise it is ignored, named in the Bundle and absent from its link "self".',
          'No versions: what changed on an alert is its mitigation and its AuditEvents. Language by Accept-Language (vi, en).',
        ].join(' '),
        resource: [
          ...readable(site),
          {
            type: 'Patient',
            documentation:
              'No Patient is kept here: its id is the hospital’s patient code. All that is stored of one, without paging.',
            operation: [
              { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
            ],
          },
          {
            type: 'Subscription',
            interaction: ['create', 'read', 'update', 'delete', 'search-type'].map((code) => ({ code })),
            updateCreate: false,
            documentation: 'rest-hook on DetectedIssue, to receivers that the site has named; status off turns it off.',
            searchParam: COMMON,
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
