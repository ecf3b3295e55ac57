// Passwords of local accounts: Argon2id by node:crypto, with the parameters that OWASP names, in the PHC string format.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** NIST SP 800-63B: length counts, composition rules do not. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 200;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly nonce: Buffer;
}

/** As typed on any keyboard: Vietnamese letters come composed and decomposed. */
const hashOf = (password: string, parameters: Parameters): Promise<Buffer> =>
  derive('argon2id', { ...parameters, message: password.normalize('NFC'), tagLength: HASH_BYTES });

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const hash = await hashOf(password, { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, nonce });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(nonce)}$${base64(hash)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', expected = ''] = PHC.exec(stored) ?? [];
  const known = Buffer.from(expected, 'base64');
  if (known.length !== HASH_BYTES) return false;
  const hash = await hashOf(password, {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    nonce: Buffer.from(salt, 'base64'),
  });
  return timingSafeEqual(hash, known);
}
