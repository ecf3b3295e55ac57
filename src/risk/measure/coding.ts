// The codings of a measurement's quantity: as its sender gave them, or what a bare code of this service's own door stands for.
import type { Coding } from '#kernel/coding.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { codingOfBare } from '#terminology/systems.ts';

export function codingsOf({ code, system, codings }: Measurement): readonly Coding[] {
  if (codings !== undefined) return codings;
  if (system !== undefined) return [{ system, code }];
  const bare = codingOfBare(code);
  // Only a site's own table can know it.
  return [bare ?? { system: '', code }];
}

/** Only this service's own door names a quantity by its name: elsewhere the same word is a sender's own code. */
export const isOwn = ({ system, codings }: Measurement): boolean => system === undefined && codings === undefined;
