// The scopes that routes ask for; every route declares one (law 10).

export const SCOPES = [
  /** Probes, the login page and its files, key sets: nothing about a patient, nobody is asked who they are. */
  'public',
  /** The address itself is the credential: a signed link, which the handler checks. */
  'link',
  /** Whoever is identified, in any role: documentation, help. */
  'signed-in',
  'studies:write',
  'readings:read',
  'alerts:read',
  /** To say that one has seen a study or an alert. */
  'alerts:acknowledge',
  /** To overrule or close it. */
  'alerts:write',
  'risk:assess',
  'models:read',
  'models:write',
  'metrics:read',
  /** One person's records of another facility, for an hour and with a reason that is kept. */
  'emergency:open',
  /** Which facilities there are, and their counts. */
  'facilities:read',
  /** Alerts of one's own facility without patients: figures per rule, and every answer. */
  'figures:read',
  'admin:read',
  'admin:write',
  /** Doors of other systems: CDS Hooks, FHIR, HisPro. */
  'interop',
] as const;
export type Scope = (typeof SCOPES)[number];
