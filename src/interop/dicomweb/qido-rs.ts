// QIDO-RS (PS3.18 10.6): studies, series and instances found by their tags, as DICOM JSON.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { typed } from '#http/server.ts';
import { chosenType } from './accept.ts';
import { archivedStudy, type ArchivedStudy } from './archive.ts';
import type { ArchivedInstance, DicomWebDeps } from './ports.ts';
import { config, describe, JSON_TYPES, uid } from './door.ts';
import { instanceJson, seriesJson, studyJson } from './search-answers.ts';
import { matchOf, readQuery, type SearchQuery } from './search-query.ts';

const bySeries = (instances: readonly ArchivedInstance[]): readonly (readonly ArchivedInstance[])[] => [
  ...Map.groupBy(instances, ({ seriesUid }) => seriesUid).values(),
];

const page = <Item>(items: readonly Item[], { limit, offset }: SearchQuery): readonly Item[] =>
  items.slice(offset, offset + limit);

const matches = z.array(z.record(z.string(), z.unknown()));

const warned = ({ ignored }: SearchQuery): Record<string, string> =>
  ignored.length === 0 ? {} : { warning: `299 haidang "not matched: ${ignored.join(' ')}"` };

async function studyAt(
  request: FastifyRequest,
  studyUid: string,
  deps: DicomWebDeps,
): Promise<ArchivedStudy | undefined> {
  return archivedStudy(await deps.facility(request.identity.facilityId), studyUid, deps);
}

function studyRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  app.get(
    '/dicomweb/studies',
    { config, schema: describe(matches, 'searchStudies', 'QIDO-RS: studies') },
    async (request, reply) => {
      const query = readQuery(request);
      const store = await deps.facility(request.identity.facilityId);
      const match = matchOf(query);
      const found = await store.matching.match(match);
      // Where studies are named, their results are counted too; a list of strangers makes none.
      const studies =
        match.studyUids === undefined
          ? found
          : (await Promise.all(found.map(({ study }) => studyAt(request, study.studyUid, deps)))).flatMap(
              (each) => each ?? [],
            );
      const base = `${deps.publicUrl()}/dicomweb`;
      return reply
        .headers(warned(query))
        .type(chosenType(request, JSON_TYPES))
        .send(studies.map((each) => studyJson(each, base)));
    },
  );
}

function seriesRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  app.get(
    '/dicomweb/studies/:study/series',
    {
      config,
      schema: {
        ...describe(matches, 'searchSeries', 'QIDO-RS: series of a study'),
        params: z.strictObject({ study: uid }),
      },
    },
    async (request, reply) => {
      const query = readQuery(request);
      const found = await studyAt(request, request.params.study, deps);
      const modality = query.values.get('00080060');
      const wanted = query.values.get('0020000E');
      const series = bySeries(found?.instances ?? []).filter(
        ([first]) =>
          (modality === undefined || first?.modality === modality) &&
          (wanted === undefined || first?.seriesUid === wanted),
      );
      const json =
        found === undefined ? [] : await Promise.all(page(series, query).map((each) => seriesJson(found, each, deps)));
      return reply.headers(warned(query)).type(chosenType(request, JSON_TYPES)).send(json);
    },
  );
}

function instanceRoutes(plain: FastifyInstance, deps: DicomWebDeps): void {
  const app = typed(plain);
  for (const [path, operationId] of [
    ['/dicomweb/studies/:study/instances', 'searchInstancesOfStudy'],
    ['/dicomweb/studies/:study/series/:series/instances', 'searchInstances'],
  ] as const) {
    app.get(
      path,
      {
        config,
        schema: {
          ...describe(matches, operationId, 'QIDO-RS: instances'),
          params: z.strictObject({ study: uid, series: uid.optional() }),
        },
      },
      async (request, reply) => {
        const query = readQuery(request);
        const found = await studyAt(request, request.params.study, deps);
        const { series } = request.params;
        const [instance, sopClass] = ['00080018', '00080016'].map((tag) => query.values.get(tag));
        const instances = (found?.instances ?? []).filter(
          ({ seriesUid, sopInstanceUid, sopClassUid }) =>
            (series === undefined || seriesUid === series) &&
            (instance === undefined || sopInstanceUid === instance) &&
            (sopClass === undefined || sopClassUid === sopClass),
        );
        const json = await Promise.all(page(instances, query).map((each) => instanceJson(each, deps)));
        return reply.headers(warned(query)).type(chosenType(request, JSON_TYPES)).send(json);
      },
    );
  }
}

export async function qidoRoutes(app: FastifyInstance, deps: DicomWebDeps): Promise<void> {
  studyRoutes(app, deps);
  seriesRoutes(app, deps);
  instanceRoutes(app, deps);
}
