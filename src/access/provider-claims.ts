// Reads an identity provider's claims: maps its roles to ours and finds the person's facility.
import { z } from 'zod';
import { type Role, ROLES } from './roles.ts';

export const claimRules = z.strictObject({
  /** Where the roles stand, by dots: `realm_access.roles` (Keycloak), `roles` (Entra), `groups`. */
  roleClaim: z.string().min(1).default('roles'),
  /** The provider's word → our role. Others are none of ours. */
  roles: z.record(z.string().min(1), z.enum(ROLES)),
  /** Absent: everybody belongs to `facility`. */
  facilityClaim: z.string().min(1).optional(),
  /** The claim's value → our facility. Another value is refused. */
  facilities: z.record(z.string().min(1), z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)).default({}),
  facility: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default('local'),
  /** The claim that names the person in the audit trail. */
  nameClaim: z.string().min(1).default('preferred_username'),
});
export type ClaimRules = z.infer<typeof claimRules>;

export interface Claimed {
  readonly actor: string;
  /** Undefined: the claim is missing or no facility of ours. */
  readonly facilityId: string | undefined;
  readonly roles: readonly Role[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function claimAt(claims: unknown, path: string): unknown {
  // A name with dots of its own (`https://hospital/roles`) comes first.
  if (isRecord(claims) && Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), claims);
}

const textsOf = (value: unknown): readonly string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string');

export function claimedBy(claims: { readonly sub?: string | undefined }, rules: ClaimRules): Claimed {
  const ours = textsOf(claimAt(claims, rules.roleClaim)).flatMap((word) =>
    Object.hasOwn(rules.roles, word) ? (rules.roles[word] ?? []) : [],
  );
  const [name = claims.sub ?? ''] = textsOf(claimAt(claims, rules.nameClaim));
  const [place] = rules.facilityClaim === undefined ? [] : textsOf(claimAt(claims, rules.facilityClaim));
  const facilityId =
    rules.facilityClaim === undefined
      ? rules.facility
      : place !== undefined && Object.hasOwn(rules.facilities, place)
        ? rules.facilities[place]
        : undefined;
  return { actor: name.slice(0, 200), facilityId, roles: [...new Set(ours)] };
}
