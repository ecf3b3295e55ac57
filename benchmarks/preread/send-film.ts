// Sends one film to the service and waits until it is read.
import { z } from 'zod';

const ASK_MS = 25;
const uploaded = z.object({ studies: z.array(z.string()) });
const asked = z.object({ reading: z.unknown() });

export interface Sent {
  readonly status: number;
  /** From when it was due. */
  readonly ms: number;
  readonly uid: string | undefined;
}

/** `due`: the moment from which its time counts, of performance.now(). */
export async function sendFilm(address: string, film: Uint8Array, due: number): Promise<Sent> {
  const answer = await fetch(`${address}/v1/studies?whole=yes`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: Buffer.from(film),
  });
  const body: unknown = await answer.json();
  const ms = performance.now() - due;
  return { status: answer.status, ms, uid: answer.ok ? uploaded.parse(body).studies[0] : undefined };
}

/** The moment at which the reading was seen. */
export async function readAt(address: string, uid: string): Promise<number> {
  for (;;) {
    const { reading } = asked.parse(await (await fetch(`${address}/v1/studies/${uid}`)).json());
    if (reading !== null) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}
