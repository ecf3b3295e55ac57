// WADO-RS (PS3.18 10.4): instances, metadata, frames, rendered pictures, thumbnails and bulk data of what is stored.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { tagText } from '#dicom/read/element.ts';
import { typed } from '#http/server.ts';
import { chosenType, wantedTypes } from './accept.ts';
import { type InstancePath, instancesAt, openInstance } from './archive.ts';
import { config, describe, JSON_TYPES, uid } from './door.ts';
import { dicomJson } from './dicom-json.ts';
import { dicomwebErrors } from './errors.ts';
import { sendOne, sendParts, whole } from './multipart-answer.ts';
import type { ArchivedInstance, DicomWebDeps } from './ports.ts';
import { addressOf, framePart, instancePart, rendered } from './retrieve.ts';

const PICTURES = ['image/jpeg', 'image/png'] as const;
const THUMBNAIL = 256;
/** Of a rendered picture without a viewport. */
const WHOLE = 2048;
const MOST_FRAMES = 1000;
const STUDY = '/dicomweb/studies/:study';
const SERIES = `${STUDY}/series/:series`;
const INSTANCE = `${SERIES}/instances/:instance`;
const LEVELS = [
  { path: STUDY, name: 'Study', params: z.strictObject({ study: uid }) },
  { path: SERIES, name: 'Series', params: z.strictObject({ study: uid, series: uid }) },
  { path: INSTANCE, name: 'Instance', params: z.strictObject({ study: uid, series: uid, instance: uid }) },
] as const;

const retrieves = (operationId: string, summary: string) => describe(z.any().describe(summary), operationId, summary);

/** `viewport=800,600`; other ways to change the picture are refused rather than ignored. */
function longestSide({ url }: FastifyRequest, fallback: number): number {
  const query = new URL(url, 'http://x').searchParams;
  for (const name of query.keys())
    if (name !== 'viewport' && name !== 'accept')
      throw dicomwebErrors.error('bad-query', { field: name.slice(0, 64), reason: 'only viewport is supported' });
  const viewport = query.get('viewport');
  if (viewport === null) return fallback;
  const match = /^([1-9][0-9]{0,3}),([1-9][0-9]{0,3})$/.exec(viewport);
  if (match === null) throw dicomwebErrors.error('bad-query', { field: 'viewport', reason: 'not columns,rows' });
  return Math.max(16, Math.min(Number(match[1]), Number(match[2])));
}

const framesOf = (list: string): readonly number[] => {
  const frames = list.split(',').map(Number);
  if (!/^[1-9][0-9]*(,[1-9][0-9]*)*$/.test(list) || frames.length > MOST_FRAMES)
    throw dicomwebErrors.error('bad-query', { field: 'frames', reason: 'not a list of frame numbers from 1 on' });
  return frames;
};

/** Modalities whose objects are no pictures. */
const NO_PICTURE = /^(SR|SEG|KO|PR|RWV|REG)$/;

const at = async (
  request: FastifyRequest,
  path: InstancePath,
  deps: DicomWebDeps,
): Promise<readonly ArchivedInstance[]> => instancesAt(path, await deps.facility(request.identity.facilityId), deps);

async function one(request: FastifyRequest, path: InstancePath, deps: DicomWebDeps): Promise<ArchivedInstance> {
  const [instance] = await at(request, path, deps);
  if (instance === undefined) throw dicomwebErrors.error('no-such-object');
  return instance;
}

interface WantedPicture {
  readonly path: InstancePath;
  readonly size: number;
}

/** The first object there that is a picture. */
async function sendPicture(request: FastifyRequest, reply: FastifyReply, deps: DicomWebDeps, of: WantedPicture) {
  const type = chosenType(request, PICTURES);
  const size = longestSide(request, of.size);
  const all = await at(request, of.path, deps);
  const shown = all.find(({ modality }) => !NO_PICTURE.test(modality ?? ''));
  if (shown === undefined)
    throw dicomwebErrors.error('not-acceptable', { reason: 'nothing here can be shown as a picture' });
  return reply
    .header('cache-control', 'private, max-age=3600')
    .type(type)
    .send(await rendered(shown, { longestSide: size, type }, deps));
}

function levelRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  for (const { path, name, params } of LEVELS) {
    app.get(
      path,
      { config, schema: { ...retrieves(`retrieve${name}`, 'WADO-RS: DICOM files'), params } },
      async (request, reply) => {
        const instances = await at(request, request.params, deps);
        const [first] = instances;
        if (instances.length === 1 && first !== undefined && wantedTypes(request)[0]?.type === 'application/dicom')
          return sendOne(reply, instancePart(first, request, deps));
        return sendParts(
          reply,
          'application/dicom',
          instances.map((instance) => instancePart(instance, request, deps)),
        );
      },
    );

    app.get(
      `${path}/metadata`,
      { config, schema: { ...retrieves(`metadataOf${name}`, 'WADO-RS: metadata as DICOM JSON'), params } },
      async (request, reply) => {
        const type = chosenType(request, JSON_TYPES);
        const json = [];
        // One after the other: a study of many images must not fill the memory.
        for (const instance of await at(request, request.params, deps)) {
          const { dataSet } = await openInstance(instance, deps);
          const address = addressOf(instance, deps.publicUrl());
          json.push(dicomJson(dataSet, (tag) => `${address}/bulkdata/${tag}`));
        }
        return reply.type(type).send(json);
      },
    );

    for (const [suffix, size] of [
      ['rendered', WHOLE],
      ['thumbnail', THUMBNAIL],
    ] as const)
      app.get(
        `${path}/${suffix}`,
        { config, schema: { ...retrieves(`${suffix}${name}`, `WADO-RS: ${suffix}`), params } },
        (request, reply) => sendPicture(request, reply, deps, { path: request.params, size }),
      );
  }
}

function frameRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  const frameParams = z.strictObject({ study: uid, series: uid, instance: uid, frames: z.string().max(4000) });
  app.get(
    `${INSTANCE}/frames/:frames`,
    { config, schema: { ...retrieves('retrieveFrames', 'WADO-RS: frames'), params: frameParams } },
    async (request, reply) => {
      const numbers = framesOf(request.params.frames);
      const file = await openInstance(await one(request, request.params, deps), deps);
      const parts = numbers.map((number) => framePart(file, number, request));
      return sendParts(reply, parts[0]?.type ?? 'application/octet-stream', parts);
    },
  );

  app.get(
    `${INSTANCE}/frames/:frames/rendered`,
    { config, schema: { ...retrieves('renderedFrames', 'WADO-RS: a rendered frame'), params: frameParams } },
    (request, reply) => {
      const { frames, ...path } = request.params;
      // Films have one frame; another one cannot be asked of the pictures' thread.
      if (frames !== '1') throw dicomwebErrors.error('no-such-object', { field: 'frames' });
      return sendPicture(request, reply, deps, { path, size: WHOLE });
    },
  );
}

function bulkDataRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  const bulkParams = z.strictObject({
    study: uid,
    series: uid,
    instance: uid,
    tag: z.string().regex(/^[0-9A-Fa-f]{8}$/),
  });
  app.get(
    `${INSTANCE}/bulkdata/:tag`,
    { config, schema: { ...retrieves('retrieveBulkData', 'WADO-RS: one binary value'), params: bulkParams } },
    async (request, reply) => {
      const tag = Number.parseInt(request.params.tag, 16);
      const { dataSet, transferSyntax } = await openInstance(await one(request, request.params, deps), deps);
      const element = dataSet.elements.get(tag);
      if (element === undefined) throw dicomwebErrors.error('no-such-object', { field: tagText(tag) });
      const bytes = element.fragments === undefined ? element.bytes : Buffer.concat(element.fragments.slice(1));
      return sendParts(reply, 'application/octet-stream', [
        { contentType: `application/octet-stream; transfer-syntax=${transferSyntax.uid}`, content: () => whole(bytes) },
      ]);
    },
  );
}

export async function wadoRoutes(app: FastifyInstance, deps: DicomWebDeps): Promise<void> {
  levelRoutes(app, deps);
  frameRoutes(app, deps);
  bulkDataRoutes(app, deps);
}
