// The models folder of this installation → the risk room, with what was refused told on standard error.
import { readConfig } from '#service/config.ts';
import { CareError } from '#kernel/errors.ts';
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import { riskErrors } from '#risk/errors.ts';
import { openRiskLibrary, type ServedEquation } from '#risk/equation/library.ts';
import { tellRefusal } from '#cli/fail.ts';
import { userFolder } from '#cli/paths.ts';

export interface OpenedRisk {
  readonly room: RiskRoom;
  close(): Promise<void>;
}

export async function openRisk(): Promise<OpenedRisk> {
  const library = await openRiskLibrary(readConfig(process.env, userFolder()).modelsDir);
  for (const { folder, code, reason } of library.refused) process.stderr.write(`${folder}: ${code}: ${reason}\n`);
  return { room: createRiskRoom(library), close: () => library.close() };
}

const MISUSE = ['risk.unknown-equation', 'risk.bad-table', 'risk.unknown-input'];

/** A command that names what is not there was misused: 2, where refused input leaves 1. */
export const asMisuse =
  <Args extends unknown[]>(action: (...args: Args) => Promise<void>) =>
  async (...args: Args): Promise<void> => {
    try {
      await action(...args);
    } catch (error) {
      tellRefusal(error);
      if (error instanceof CareError && MISUSE.includes(error.code)) process.exitCode = 2;
    }
  };

/** Throws CareError `risk.unknown-equation`, listing those that there are. */
export function equationNamed(room: RiskRoom, id: string): ServedEquation {
  const served = room.library.equations.get(id);
  if (served !== undefined) return served;
  const names = [...room.library.equations.keys()].join(', ');
  throw riskErrors.error('unknown-equation', { field: '--equation', reason: `there is no ${id}; there are: ${names}` });
}
