// A hospital's system that takes alerts over a webhook, and is now and then ill: it answers 500, never, or takes the message and dies.
import { createServer } from 'node:http';

export const MOODS = ['well', 'refusing', 'silent', 'losing answers'] as const;
export type Mood = (typeof MOODS)[number];

export interface Receiver {
  readonly url: string;
  mood: Mood;
  /** Ids of messages of each kind that were taken, by alert. */
  readonly taken: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const taken = new Map<string, Map<string, Set<string>>>();
  const receiver = { mood: 'well' as Mood };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (receiver.mood === 'refusing') return response.writeHead(500).end();
      if (receiver.mood === 'silent') return undefined;
      const { id, type, data } = JSON.parse(Buffer.concat(chunks).toString());
      const ofAlert = taken.get(data.alert.id) ?? new Map<string, Set<string>>();
      ofAlert.set(type, (ofAlert.get(type) ?? new Set()).add(id));
      taken.set(data.alert.id, ofAlert);
      if (receiver.mood === 'losing answers') return request.socket.destroy();
      return response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${address.port}/`,
    taken,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
