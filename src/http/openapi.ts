// The routes' own schemas become OpenAPI 3.1, shown at /docs from files of this package (no internet).
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

/** Register before the routes. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
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
      tags: [
        { name: 'studies', description: 'Send images, read what the model says of them' },
        { name: 'worklist', description: 'Studies ordered by urgency' },
        { name: 'alerts', description: 'What is told to a clinician, and what the clinician answers' },
        { name: 'models', description: 'What reads here, and how well' },
        { name: 'risk', description: 'Published risk equations' },
        { name: 'admin', description: 'Refusals and the audit chain' },
        { name: 'health', description: 'Probes' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'public' };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { docExpansion: 'list', deepLinking: true },
      staticCSP: true,
    });
  });
}
