// One e-mail goes to the hospital's mail server, or what went wrong is told in fixed words.
import type { Delivery } from '#delivery/ports.ts';
import type { EmailSettings } from './settings.ts';
import type { MailText } from './words.ts';

export type Post = (mail: MailText & { readonly id: string }, signal: AbortSignal) => Promise<Delivery>;

/** Of each step: the whole has the deadline of its signal. */
const STEP_MS = 5_000;

/** SMTP: 4yz may be better later, 5yz will not. A refused login or missing encryption is a setting to be mended, and the message waits for that. */
function verdictOf(thrown: unknown): Delivery {
  const field = (name: string): unknown =>
    typeof thrown === 'object' && thrown !== null && name in thrown ? Reflect.get(thrown, name) : undefined;
  const [status, code] = [field('responseCode'), field('code')];
  const word = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : 'fault';
  if (word === 'EAUTH' || word === 'ETLS' || typeof status !== 'number') return { kind: 'later', reason: word };
  return { kind: status >= 500 ? 'refused' : 'later', reason: `SMTP ${status}` };
}

/** The library is loaded with the first e-mail: most sites send none. */
async function transportTo({ host, port, tls, account }: EmailSettings) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(account === undefined ? {} : { auth: { user: account.user, pass: account.password } }),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

export function postTo(settings: EmailSettings): Post {
  const { from, to } = settings;
  let transport: ReturnType<typeof transportTo> | undefined;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return async ({ id, subject, text }, signal) => {
    const late = new Promise<Delivery>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'later', reason: 'timeout' }), { once: true });
    });
    transport ??= transportTo(settings);
    const mail = {
      from,
      to: [...to],
      subject,
      text,
      // The same at every attempt: a mail server or a reader that keeps ids shows it once.
      messageId: `<${id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    const sent = transport
      .then((open) => open.sendMail(mail))
      .then(({ rejected }): Delivery =>
        // The others have it; that one address is wrong must not stay unseen.
        rejected.length === 0 ? { kind: 'delivered' } : { kind: 'refused', reason: 'a recipient was refused' },
      )
      .catch(verdictOf);
    return Promise.race([sent, late]);
  };
}
