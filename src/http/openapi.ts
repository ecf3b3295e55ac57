// The routes' own schemas become OpenAPI 3.1, shown at /docs from files of this package (no internet).
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Document = ReturnType<typeof jsonSchemaTransformObject>;

const REFERENCE = /"#\/components\/schemas\/([A-Za-z0-9_.-]+)"/g;
const referencesIn = (value: unknown): string[] =>
  [...JSON.stringify(value ?? null).matchAll(REFERENCE)].flatMap(([, name]) => name ?? []);

/** Each registered schema arrives twice, as input and as output; what nothing refers to only confuses a reader. */
function withoutUnused(document: Document): Document {
  if (!('components' in document) || document.components?.schemas === undefined) return document;
  const { schemas } = document.components;
  const used = new Set<string>();
  const waiting = referencesIn(document.paths);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    waiting.push(...referencesIn(schemas[name]));
  }
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}

/** By media type; for routes that read their body as a stream, which no schema judges. */
export type StreamedBody = Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>;

export interface OpenApiOptions {
  readonly version: string;
  /** By path, for POST. */
  readonly streamedBodies?: Readonly<Record<string, StreamedBody>>;
}

function withBodies(document: Document, bodies: Readonly<Record<string, StreamedBody>>): Document {
  const paths: Record<string, unknown> = { ...document.paths };
  for (const [path, content] of Object.entries(bodies)) {
    const methods = paths[path];
    if (typeof methods !== 'object' || methods === null || !('post' in methods)) continue;
    const post = methods.post;
    if (typeof post === 'object' && post !== null) Object.assign(post, { requestBody: { required: true, content } });
  }
  return document;
}

/** The package's own policy lets styles and fonts come from elsewhere and sends plain HTTP to a port that may not be there. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Register before the routes. */
export async function registerOpenApi(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  const { version, streamedBodies = {} } = options;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Haidang',
        version,
        description:
          'AI-assisted clinical decision support. Not a registered medical device; research and evaluation use; a clinician decides.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token (`haidang token`) or a key of a system' },
        },
      },
      security: [{ bearer: [] }],
      tags: [
        { name: 'studies', description: 'Send images, read what the model says of them' },
        { name: 'worklist', description: 'Studies ordered by urgency' },
        { name: 'emergency', description: 'One person’s records of another facility, with a reason, for an hour' },
        { name: 'alerts', description: 'What is told to a clinician, and what the clinician answers' },
        { name: 'dicomweb', description: 'DICOMweb: STOW-RS, QIDO-RS, WADO-RS' },
        { name: 'models', description: 'What reads here, and how well' },
        { name: 'open-inference', description: 'Open Inference Protocol v2: our models as an inference server' },
        { name: 'risk', description: 'Published risk equations' },
        { name: 'admin', description: 'Refusals and the audit chain' },
        { name: 'health', description: 'Probes' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withBodies(withoutUnused(jsonSchemaTransformObject(document)), streamedBodies),
  });
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'signed-in' };
    });
    docs.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', DOCS_POLICY);
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { docExpansion: 'list', deepLinking: true },
    });
  });
}
