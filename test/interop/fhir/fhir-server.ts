// A small FHIR server with SMART Backend Services, for tests: verifies the client's assertion, knows conditional create and update.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FhirPeer {
  readonly url: string;
  /** By `Type?search`. */
  readonly resources: Map<string, Record<string, unknown>>;
  readonly received: Received[];
  tokensGiven: number;
  /** Answers with this status instead, while set. */
  fault: number | undefined;
  /** Takes no token that it gave before. */
  revoke(): void;
  close(): Promise<void>;
}

interface Entry {
  readonly resource: Record<string, unknown> & { readonly resourceType: string };
  readonly request: { readonly method: string; readonly url: string; readonly ifNoneExist?: string };
}

export async function startFhirPeer(keys: JSONWebKeySet, clock: { now(): Date }): Promise<FhirPeer> {
  const valid = new Set<string>();
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', headers } = request;
      peer.received.push({ method, url, headers, body });
      const answer = (status: number, value?: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(value === undefined ? undefined : JSON.stringify(value));
      };
      if (url === '/fhir/.well-known/smart-configuration') {
        return answer(200, { token_endpoint: `${peer.url.slice(0, -5)}/token` });
      }
      if (url === '/token') {
        const form = new URLSearchParams(body);
        const { payload, protectedHeader } = await jwtVerify(
          form.get('client_assertion') ?? '',
          createLocalJWKSet(keys),
          {
            audience: `${peer.url.slice(0, -5)}/token`,
            issuer: 'haidang',
            subject: 'haidang',
            algorithms: ['ES384', 'RS384'],
            typ: 'JWT',
            currentDate: clock.now(),
          },
        );
        const short = (payload.exp ?? 0) - clock.now().getTime() / 1000 <= 300;
        const fresh = !seen.has(payload.jti ?? '');
        seen.add(payload.jti ?? '');
        const fits =
          form.get('grant_type') === 'client_credentials' &&
          form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
          protectedHeader.kid !== undefined;
        if (!short || !fresh || !fits) return answer(400, { error: 'invalid_client' });
        peer.tokensGiven += 1;
        const token = `token-${peer.tokensGiven}`;
        valid.add(token);
        return answer(200, { access_token: token, token_type: 'bearer', expires_in: 300, scope: form.get('scope') });
      }
      if (peer.fault !== undefined) return answer(peer.fault);
      if (url !== '/fhir') return answer(200);
      if (!valid.has((headers.authorization ?? '').replace('Bearer ', ''))) return answer(401);
      const { entry }: { entry: Entry[] } = JSON.parse(body);
      for (const { resource, request: wanted } of entry) {
        const search = wanted.method === 'PUT' ? wanted.url : `${wanted.url}?${wanted.ifNoneExist}`;
        if (wanted.method === 'PUT' || !peer.resources.has(search)) peer.resources.set(search, resource);
      }
      return answer(200, { resourceType: 'Bundle', type: 'transaction-response' });
    })().catch(() => {
      response.writeHead(400);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = server.address() as AddressInfo;
  const peer: FhirPeer = {
    url: `http://127.0.0.1:${port}/fhir`,
    resources: new Map(),
    received: [],
    tokensGiven: 0,
    fault: undefined,
    revoke: () => valid.clear(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return peer;
}
