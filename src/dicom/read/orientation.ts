// Reads Patient Orientation (PS3.3 C.7.6.1.1.1) and gives the turn that brings a frontal film upright.
import { asciiValues, type DataSet } from './element.ts';

/** Rows and columns exchanged first, then mirrored. */
export interface FilmTurn {
  readonly transposed: boolean;
  readonly mirroredX: boolean;
  readonly mirroredY: boolean;
}

const PATIENT_ORIENTATION = 0x00200020;

/**
 * On a frontal film the columns run to the patient's left and the rows to the feet, `L\F`. Undefined where it lies so, and where the tag does
 * not name one direction of each pair (a lateral film, or none).
 */
export function turnOf(set: DataSet): FilmTurn | undefined {
  const [along, down] = asciiValues(set, PATIENT_ORIENTATION).map((value) => value.slice(0, 1).toUpperCase());
  if (along === undefined || down === undefined) return undefined;
  const transposed = 'FH'.includes(along);
  const [across, upright] = transposed ? [down, along] : [along, down];
  if (!/^[LR]$/.test(across) || !/^[FH]$/.test(upright)) return undefined;
  const turn = { transposed, mirroredX: across === 'R', mirroredY: upright === 'H' };
  return turn.transposed || turn.mirroredX || turn.mirroredY ? turn : undefined;
}
