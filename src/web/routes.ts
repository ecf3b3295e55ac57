// The pages' door: one document for every address, whose script draws the page; nothing in it comes from elsewhere or runs inline.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { httpErrors } from '#http/errors.ts';
import { asCareError } from '#http/problem.ts';
import { openPages, type Pages } from './build-pages.ts';

/** Scripts and styles are files, pictures come from this service; nothing may frame the pages but the HIS on the same host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const PAGES = [
  { address: '/', scope: 'readings:read' },
  { address: '/studies/:uid', scope: 'readings:read' },
  { address: '/patients/:code', scope: 'readings:read' },
  { address: '/alerts', scope: 'alerts:read' },
  { address: '/triage', scope: 'readings:read' },
  { address: '/admin', scope: 'admin:read' },
  { address: '/emergency', scope: 'emergency:open' },
  { address: '/help', scope: 'signed-in' },
] as const;
const LOGIN = { address: '/login', scope: 'public' } as const;
const SANDBOX = { address: '/sandbox', scope: 'signed-in' } as const;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const documentOf = ({ script, style }: Pages): string => `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hải Đăng</title>
<link rel="icon" href="/static/lighthouse.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/${style}">
<script type="module" src="/static/${script}"></script>
</head>
<body>
<noscript>Trang này cần JavaScript. This page needs JavaScript.</noscript>
<div id="page"></div>
</body>
</html>
`;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

interface Packed {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

async function packed(type: string, content: Uint8Array): Promise<Packed> {
  const plain = Buffer.from(content);
  const [br, gz] = await Promise.all([brotli(plain, QUALITY), zip(plain, { level: 9 })]);
  return { type, plain, br, gzip: gz };
}

interface Site {
  readonly document: Packed;
  readonly files: ReadonlyMap<string, Packed>;
}

async function openSite(): Promise<Site> {
  const pages = await openPages();
  const files = await Promise.all(
    [...pages.files].map(async ([name, content]) => {
      const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      return [name, await packed(type, content)] as const;
    }),
  );
  return {
    document: await packed('text/html; charset=utf-8', Buffer.from(documentOf(pages))),
    files: new Map(files),
  };
}

function send(request: FastifyRequest, reply: FastifyReply, file: Packed) {
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  reply.header('content-security-policy', POLICY).header('vary', 'accept-encoding').type(file.type);
  if (encoding === undefined) return reply.send(file.plain);
  return reply.header('content-encoding', encoding).send(file[encoding]);
}

const fileParams = z.strictObject({ file: z.string().max(100) });

export interface WebDeps {
  readonly sandbox: boolean;
}

export async function webRoutes(app: FastifyInstance, { sandbox }: WebDeps): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { scope: 'public', ...route.config };
    route.schema = { ...route.schema, hide: true };
  });
  let site: Promise<Site> | undefined;
  // Built once, at the first request: a program that uses only the API never pays for the pages.
  const opened = (): Promise<Site> => {
    site ??= openSite();
    site.catch(() => {
      site = undefined;
    });
    return site;
  };
  // A person goes to the login page, or sees in the page itself what is missing; a program gets the problem.
  app.setErrorHandler(async (thrown: unknown, request, reply) => {
    const error = asCareError(thrown);
    const person = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (person && error.status === 401) {
      request.refusal = error.code;
      return reply.redirect(`/login?next=${encodeURIComponent(request.url.slice(0, 400))}`, 303);
    }
    if (person && error.code === 'http.scope-missing') {
      request.refusal = error.code;
      return send(request, reply.code(403).header('cache-control', 'no-cache'), (await opened()).document);
    }
    throw thrown;
  });
  for (const { address, scope } of [...PAGES, LOGIN, ...(sandbox ? [SANDBOX] : [])])
    app.get(address, { config: { scope } }, async (request, reply) =>
      send(request, reply.header('cache-control', 'no-cache'), (await opened()).document),
    );
  app.get('/static/:file', async (request, reply) => {
    const { file } = fileParams.parse(request.params);
    const found = (await opened()).files.get(file);
    if (found === undefined) throw httpErrors.error('not-found');
    const forEver = file.includes('-') ? 'public, max-age=31536000, immutable' : 'public, max-age=86400';
    return send(request, reply.header('cache-control', forEver), found);
  });
  app.get('/favicon.ico', async (_request, reply) => reply.redirect('/static/lighthouse.svg'));
}
