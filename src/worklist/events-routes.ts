// Changes of the worklist as server-sent events: an open page asks for its rows again only after a change. All readers of a
// facility share one look at the log in a second, and a page without a reader costs nothing.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { isSecure, securityHeaders } from '#http/security-headers.ts';
import { typed } from '#http/server.ts';

export interface ChangesStore {
  readonly changes: {
    since(after?: number): Promise<{
      readonly upTo: number;
      readonly studies: readonly string[];
      readonly arrived: number;
    }>;
  };
}

export interface EventsDeps {
  facility(id: string): Promise<ChangesStore>;
}

const LOOK_MS = 1000;
/** A proxy drops a connection over which nothing came for a minute. */
const ALIVE_MS = 25_000;

interface Watch {
  readonly readers: Set<FastifyReply['raw']>;
  close(): void;
}

function startWatch(changes: ChangesStore['changes'], fault: (thrown: unknown) => void): Watch {
  const readers = new Set<FastifyReply['raw']>();
  let upTo: number | undefined;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (text: string): void => {
    for (const reader of readers) reader.write(text);
  };
  async function look(): Promise<void> {
    try {
      const found = await changes.since(upTo);
      upTo = found.upTo;
      const { studies, arrived } = found;
      if (studies.length > 0) tell(`event: changed\ndata: ${JSON.stringify({ studies, arrived })}\n\n`);
    } catch (thrown) {
      // The next look may succeed; a reader that saw nothing for long asks by itself.
      fault(thrown);
    }
    if (!ended) timer = setTimeout(() => void look(), LOOK_MS);
  }
  void look();
  const alive = setInterval(() => tell(':\n\n'), ALIVE_MS);
  return {
    readers,
    close() {
      ended = true;
      clearTimeout(timer);
      clearInterval(alive);
      for (const reader of readers) reader.end();
    },
  };
}

export async function worklistEventsRoutes(plain: FastifyInstance, deps: EventsDeps): Promise<void> {
  const watches = new Map<string, Watch>();
  plain.addHook('preClose', async () => {
    for (const watch of watches.values()) watch.close();
    watches.clear();
  });

  typed(plain).get(
    '/v1/worklist/events',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'watchWorklist',
        summary:
          'Server-sent events `changed` with the UIDs of studies that changed and how many of them have new images',
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { identity, log } = request;
      const { facilityId } = identity;
      const { changes } = await deps.facility(facilityId);
      const watch =
        watches.get(facilityId) ??
        startWatch(changes, (thrown) => log.error({ fault: String(thrown) }, 'watch failed'));
      watches.set(facilityId, watch);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...securityHeaders({ secure: isSecure(request) }),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.write(': open\n\n');
      watch.readers.add(reply.raw);
      reply.raw.on('close', () => {
        watch.readers.delete(reply.raw);
        if (watch.readers.size > 0 || watches.get(facilityId) !== watch) return;
        watch.close();
        watches.delete(facilityId);
      });
    },
  );
}
