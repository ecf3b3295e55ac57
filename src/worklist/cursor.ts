// A cursor into the worklist, as text that a caller hands back: with the moment as of which its walk is placed, so that a study
// that ages between two pages is neither shown twice nor left out.
import { z } from 'zod';
import { httpErrors } from '#http/errors.ts';

const cursorSchema = z.tuple([
  z.iso.datetime(),
  z.enum(['critical', 'urgent', 'routine', 'closed']),
  z.iso.datetime(),
  z.string().regex(/^[0-9.]{1,64}$/),
]);

export interface Cursor {
  readonly asOf: string;
  readonly position: {
    readonly group: 'critical' | 'urgent' | 'routine' | 'closed';
    readonly at: string;
    readonly studyUid: string;
  };
}

export const cursorText = ({ asOf, position }: Cursor): string =>
  Buffer.from(JSON.stringify([asOf, position.group, position.at, position.studyUid])).toString('base64url');

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Throws CareError `http.invalid-request`. */
export function readCursor(text: string): Cursor {
  const result = cursorSchema.safeParse(parsed(text));
  if (!result.success)
    throw httpErrors.error('invalid-request', { field: 'after', reason: 'not the `next` of a page of this list' });
  const [asOf, group, at, studyUid] = result.data;
  return { asOf, position: { group, at, studyUid } };
}
