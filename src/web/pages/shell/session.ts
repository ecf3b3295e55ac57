// The logged-in person and their scopes; the service decides, the page only leaves out what would be refused.
import { signal } from '@preact/signals';
import type { Session } from '#client/client.ts';
import { setCsrf, v1 } from './api.ts';

export const session = signal<Session | undefined>(undefined);

export type Scope = Session['scopes'][number];

export const may = (scope: Scope): boolean => session.value?.scopes.includes(scope) === true;

/** Often enough that a page left alone locks soon after its session has ended. */
const LOOK_MS = 60_000;

/** Throws HaidangError; where nobody is logged in the page has left for the login by then. */
export async function loadSession(): Promise<void> {
  const { data } = await v1.getSession();
  session.value = data;
  setCsrf(data.csrf);
  if (data.login) setInterval(() => void v1.getSession().catch(() => undefined), LOOK_MS);
}

export async function logOut(): Promise<void> {
  await v1.logOut();
  location.assign('/login');
}
