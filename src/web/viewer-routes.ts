// OHIF, the DICOM viewer, on this service's own DICOMweb: files that `haidang viewer install` put into the data folder, under /ohif.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { httpErrors } from '#http/errors.ts';

export interface ViewerDeps {
  /** Holds OHIF's built files, or nothing. */
  readonly folder: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  woff2: 'font/woff2',
};

/** OHIF compiles decoders and makes workers from blobs; it talks to this service only. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "frame-ancestors 'self'",
].join('; ');

/**
 * OHIF 3.13 breaks off an SR at the first finding without an outline. In the viewer alone such a finding gets a mark at the edge of the film, one
 * below the other, and every finding its name; a film without a frame of reference, on which OHIF draws nothing, gets one of its own. SR and film
 * themselves stay as they are.
 */
const SHOW_FINDING = `function showFinding({ measurement, SeriesInstanceUID }) {
  const sets = window.services.displaySetService.getActiveDisplaySets();
  const report = sets.find((set) => set.SeriesInstanceUID === SeriesInstanceUID);
  const film = report && report.referencedImages && report.referencedImages[0];
  let rows = 512;
  for (const set of sets)
    for (const instance of set.instances || []) {
      if (!film || instance.SOPInstanceUID !== film.ReferencedSOPInstanceUID) continue;
      rows = instance.Rows;
      instance.FrameOfReferenceUID = instance.FrameOfReferenceUID || instance.SOPInstanceUID;
    }
  if (!measurement.labels.some(({ label }) => label === measurement.TrackingIdentifier))
    measurement.labels.unshift({ label: measurement.TrackingIdentifier, value: '' });
  if (measurement.coords.length === 0) {
    const lines = report ? report.measurements : [measurement];
    measurement.coords.push({
      ValueType: 'SCOORD',
      GraphicType: 'POINT',
      GraphicData: [4, (rows * (lines.indexOf(measurement) + 0.5)) / lines.length],
      ReferencedSOPSequence: film && { ReferencedSOPInstanceUID: film.ReferencedSOPInstanceUID },
    });
  }
  // OHIF says which findings belong to a viewport only after it has drawn it.
  for (const wait of [500, 2000, 5000])
    setTimeout(() => window.cornerstone.getRenderingEngines().forEach((engine) => engine.render()), wait);
  return measurement;
}`;

const CONFIG = `${SHOW_FINDING}
window.config = {
  routerBasename: '/ohif',
  extensions: [],
  modes: [],
  showStudyList: true,
  maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 10 },
  customizationService: [{ onBeforeSRAddMeasurement: { $set: showFinding } }],
  investigationalUseDialog: { option: 'always' },
  defaultDataSourceName: 'haidang',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'haidang',
      configuration: {
        friendlyName: 'Haidang',
        name: 'haidang',
        qidoRoot: '/dicomweb',
        wadoRoot: '/dicomweb',
        qidoSupportsIncludeField: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'thumbnail',
        thumbnailRequestStrategy: 'fetch',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
};
`;

const NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export async function viewerRoutes(app: FastifyInstance, { folder }: ViewerDeps): Promise<void> {
  const send = (reply: FastifyReply, type: string): FastifyReply =>
    reply.header('content-security-policy', POLICY).type(type);

  const isFile = async (name: string): Promise<boolean> =>
    NAME.test(name) && (await stat(join(folder, name)).catch(() => undefined))?.isFile() === true;

  function file(reply: FastifyReply, name: string): FastifyReply {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    // Names of bundles hold their hash.
    const lasting = /\.[0-9a-f]{16}\.js$|^[0-9a-f]{16}\.wasm$/.test(name);
    return send(
      reply.header('cache-control', lasting ? 'private, max-age=31536000, immutable' : 'no-cache'),
      type,
    ).send(createReadStream(join(folder, name)));
  }

  async function page(reply: FastifyReply): Promise<FastifyReply> {
    const document = await readFile(join(folder, 'index.html')).catch(() => undefined);
    if (document === undefined)
      throw httpErrors.error('not-found', { reason: 'the viewer is not installed: haidang viewer install' });
    return send(reply, 'text/html; charset=utf-8').send(document);
  }

  const options = { config: { scope: 'readings:read' }, schema: { hide: true } } as const;
  app.get('/ohif', options, (_request, reply) => page(reply));
  app.get<{ Params: { '*': string } }>('/ohif/*', options, async ({ params }, reply) => {
    const name = params['*'];
    if (name === 'app-config.js') return send(reply, 'text/javascript; charset=utf-8').send(CONFIG);
    if (await isFile(name)) return file(reply, name);
    // Addresses within the viewer are one page; a file that is not there is none of them.
    if (/\.[a-z0-9]+$/.test(name)) throw httpErrors.error('not-found');
    return page(reply);
  });
}
