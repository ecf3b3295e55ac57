// Settings of the site that the pages need before they draw: the reading mode and the open doors.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';

const pageSettings = z
  .strictObject({
    /** The pre-read is shown after the reader's own first reading. */
    firstRead: z.boolean(),
    /** The sandbox for HIS IT and training is open. */
    sandbox: z.boolean(),
  })
  .meta({ id: 'PageSettings' });
export type PageSettings = z.infer<typeof pageSettings>;

export async function pageSettingsRoutes(plain: FastifyInstance, settings: PageSettings): Promise<void> {
  typed(plain).get(
    '/v1/page-settings',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['pages'],
        operationId: 'getPageSettings',
        summary: 'How the pages of this site read: first reading before the pre-read, sandbox',
        response: { 200: pageSettings, ...problemResponses },
      },
    },
    () => ({ firstRead: settings.firstRead, sandbox: settings.sandbox }),
  );
}
