// The scopes of each role. A role is given to a person or a system; a route asks for a scope.
import type { Scope } from './scopes.ts';

export const ROLES = ['radiologist', 'physician', 'nurse', 'researcher', 'his', 'admin', 'province'] as const;
export type Role = (typeof ROLES)[number];

/** An administrator runs the service and sees no patient; a province sees counts of all facilities, of no alert or study by itself. */
const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = Object.freeze({
  radiologist: [
    'signed-in',
    'figures:read',
    'studies:write',
    'readings:read',
    'alerts:read',
    'alerts:acknowledge',
    'alerts:write',
    'risk:assess',
    'models:read',
    'emergency:open',
  ],
  physician: [
    'signed-in',
    'figures:read',
    'readings:read',
    'alerts:read',
    'alerts:acknowledge',
    'alerts:write',
    'risk:assess',
    'models:read',
    'emergency:open',
  ],
  nurse: [
    'signed-in',
    'figures:read',
    'readings:read',
    'alerts:read',
    'alerts:acknowledge',
    'risk:assess',
    'models:read',
    'emergency:open',
  ],
  researcher: ['signed-in', 'figures:read', 'models:read'],
  his: [
    'signed-in',
    'interop',
    'studies:write',
    'readings:read',
    'alerts:read',
    'alerts:acknowledge',
    'alerts:write',
    'risk:assess',
    'models:read',
  ],
  admin: ['signed-in', 'figures:read', 'models:read', 'models:write', 'metrics:read', 'admin:read', 'admin:write'],
  province: ['signed-in', 'facilities:read'],
});

export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

export const scopesOf = (roles: readonly Role[]): ReadonlySet<Scope> =>
  new Set(roles.flatMap((role) => ROLE_SCOPES[role]));
