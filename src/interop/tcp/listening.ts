// Starts a TCP server, for the standards that bring their own protocol.
import type { Server } from 'node:net';

export interface ListenOn {
  readonly port: number;
  readonly host: string;
}

/** Gives the port, which the system chose where 0 was asked. Throws what listening throws: the port is taken, the address is not ours. */
export async function listening(server: Server, { port, host }: ListenOn): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', () => undefined);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
