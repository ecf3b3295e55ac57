// Negotiation of an association: known callers, our own AE title, and the SOP classes and transfer syntaxes that we can keep.
import { STORAGE_CLASSES, STORAGE_COMMITMENT, TRANSFER_SYNTAXES, VERIFICATION } from './classes.ts';
import {
  APPLICATION_CONTEXT,
  type AnsweredContext,
  type AssociateRequest,
  type ProposedContext,
  type Rejection,
  type Role,
} from '#interop/dimse/wire/associate.ts';

export interface Caller {
  readonly aeTitle: string;
  /** Absent: from any address. */
  readonly address?: string;
}

export interface Admission {
  readonly aeTitle: string;
  /** `any` is for a port on this machine only. */
  readonly callers: readonly Caller[] | 'any';
}

/** IPv4 addresses arrive as `::ffff:10.0.0.1` on a port that listens to both. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');

/** Undefined: welcome. PS3.8 table 9-21. */
export function refusal(
  request: AssociateRequest,
  address: string,
  { aeTitle, callers }: Admission,
): Rejection | undefined {
  if (request.applicationContext !== APPLICATION_CONTEXT) return { result: 1, source: 1, reason: 2 };
  if (request.calledAe !== aeTitle) return { result: 1, source: 1, reason: 7 };
  const known =
    callers === 'any' ||
    callers.some(
      (caller) =>
        caller.aeTitle === request.callingAe &&
        (caller.address === undefined || caller.address === plainAddress(address)),
    );
  return known ? undefined : { result: 1, source: 1, reason: 3 };
}

function answer({ id, abstractSyntax, transferSyntaxes }: ProposedContext): AnsweredContext {
  const storage = abstractSyntax in STORAGE_CLASSES;
  const known = storage || abstractSyntax === VERIFICATION || abstractSyntax === STORAGE_COMMITMENT;
  if (!known) return { id, result: 3, transferSyntax: transferSyntaxes[0] ?? '' };
  // The peer's order is its preference: the first that we can keep is the form in which it has the image.
  const chosen = transferSyntaxes.find((uid) => TRANSFER_SYNTAXES.has(uid));
  return chosen === undefined
    ? { id, result: 4, transferSyntax: transferSyntaxes[0] ?? '' }
    : { id, result: 0, transferSyntax: chosen };
}

export interface AgreedContext {
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
}

export interface Agreement {
  readonly answers: readonly AnsweredContext[];
  readonly contexts: ReadonlyMap<number, AgreedContext>;
  readonly roles: readonly Role[];
}

export function agree({ contexts, roles }: AssociateRequest): Agreement {
  const answers = contexts.map(answer);
  const agreed = new Map(
    contexts.flatMap(({ id, abstractSyntax }, at) => {
      const each = answers[at];
      return each?.result === 0 ? [[id, { abstractSyntax, transferSyntax: each.transferSyntax }] as const] : [];
    }),
  );
  // A peer that reports commitment is the SCP of that class on an association which it opens itself.
  const kept = roles.filter(({ sopClass }) => sopClass === STORAGE_COMMITMENT);
  return { answers, contexts: agreed, roles: kept };
}
