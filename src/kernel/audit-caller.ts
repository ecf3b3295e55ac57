// Caller of the work under way (user, workstation, purpose): kept beside it, so that every entry of the audit trail that the work writes can
// name the workstation and the purpose, without each function between door and store passing it on.
import { AsyncLocalStorage } from 'node:async_hooks';

export interface AuditCaller {
  readonly actor: string;
  /** Of the network, as a trusted proxy says it. */
  readonly address: string;
  /** As the caller says it (X-Purpose-Of-Use). */
  readonly purpose?: string;
}

const callers = new AsyncLocalStorage<AuditCaller | undefined>();

/** Undefined: `work` runs in the background for no caller, although a request started it. */
export const asCaller = <T>(caller: AuditCaller | undefined, work: () => T): T => callers.run(caller, work);

/** Only of this actor: what a request wakes in the background acts under its own name. */
export function callerNamed(actor: string): Omit<AuditCaller, 'actor'> | undefined {
  const caller = callers.getStore();
  if (caller?.actor !== actor) return undefined;
  const { address, purpose } = caller;
  return { address, ...(purpose !== undefined && { purpose }) };
}
