// The door for claim files: the XML is read as a stream, and each line of the answer follows the commit of its row.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { CareError } from '#kernel/errors.ts';
import { xml130Errors } from './errors.ts';
import { decodedText } from '#interop/xml130/read/encoding.ts';
import { importClaims } from './import.ts';
import type { Indicators } from '#interop/xml130/read/indicators.ts';
import { type MeasurementStore, keeping, onlyTold } from './keep.ts';
import type { Thing } from '#interop/xml130/read/import-lines.ts';

export interface Xml130Deps {
  readonly indicators: Indicators;
  facility(id: string): Promise<{ readonly measurements: MeasurementStore }>;
}

/** The portal takes about 100 MB. */
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LARGEST_FILE_BYTES) throw xml130Errors.error('file-too-large', { field: 'body' });
    yield chunk;
  }
}

async function* asLines(first: Thing, rest: AsyncIterator<Thing>): AsyncGenerator<string> {
  yield `${JSON.stringify(first)}\n`;
  for (let next = await rest.next(); next.done !== true; next = await rest.next())
    yield `${JSON.stringify(next.value)}\n`;
}

export async function xml130Routes(plain: FastifyInstance, deps: Xml130Deps): Promise<void> {
  // Also those that the server knows, JSON above all: here they are a wrong type, not a wrong body.
  plain.removeAllContentTypeParsers();
  for (const type of ['application/xml', 'text/xml', 'application/octet-stream']) {
    plain.addContentTypeParser(type, (request, _payload, done) => {
      const announced = Number(request.headers['content-length'] ?? 0);
      done(announced > LARGEST_FILE_BYTES ? xml130Errors.error('file-too-large', { field: 'body' }) : null);
    });
  }
  typed(plain).post(
    '/v1/import/xml130',
    {
      config: { scope: 'studies:write' },
      bodyLimit: LARGEST_FILE_BYTES,
      schema: {
        tags: ['import'],
        operationId: 'importXml130',
        summary:
          'A claim file (QĐ 130, 4750, 3176, 4210): one JSON line per measurement, report, rejection, and one for the file',
        consumes: ['application/xml', 'text/xml', 'application/octet-stream'],
        querystring: z.strictObject({
          /** Read and report, store nothing. */
          dryRun: z.enum(['true', 'false']).default('false'),
        }),
        response: {
          200: {
            description: 'One JSON value per line',
            content: { 'application/x-ndjson': { schema: z.instanceof(Readable).meta({ type: 'string' }) } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { measurements } = await deps.facility(request.identity.facilityId);
      const text = decodedText(bounded(request.raw.iterator({ destroyOnReturn: false })));
      let fault: CareError | undefined;
      const onFault = (thrown: CareError): void => {
        fault = thrown;
      };
      const things = importClaims(text, { file: 'body', indicators: deps.indicators, onFault });
      const kept =
        request.query.dryRun === 'true' ? onlyTold(things) : keeping(things, measurements, request.identity.actor);
      const lines = kept[Symbol.asyncIterator]();
      const first = await lines.next();
      // Nothing but a fault of the whole file: a refusal, not an answer.
      if (first.done === true) throw xml130Errors.error('not-a-claim-file', { field: 'body' });
      const { value } = first;
      if (value.kind === 'file' && value.reason !== undefined)
        throw fault?.field === undefined
          ? xml130Errors.error('not-a-claim-file', { field: 'body', reason: value.reason })
          : fault;
      return reply.type('application/x-ndjson').send(Readable.from(asLines(value, lines)));
    },
  );
}
