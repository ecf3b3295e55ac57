// The HisPro doors: CheckDrug, the confirmation page that it opens, and the result viewer. Nothing here writes into HisPro.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#access/identity.ts';
import type { Language } from '#kernel/errors.ts';
import { networkList } from '#http/networks.ts';
import { asCareError, framesOf } from '#http/problem.ts';
import { checkDrug, type HisproDeps } from '#interop/hispro/check-drug/check-drug.ts';
import { readDrugCheck } from '#interop/hispro/check-drug/request.ts';
import { showConfirmation, takeConfirmation } from '#interop/hispro/check-drug/confirm.ts';
import { CONFIRMATION_PATH } from '#interop/hispro/check-drug/confirmation-page.ts';
import { hisproErrors } from './errors.ts';
import { PAGE_HEADERS, refusalPage } from '#interop/hispro/view/page.ts';
import { PICTURE_PATH, view, VIEW_PATH, viewPicture } from '#interop/hispro/view/view.ts';

const CHECK_DRUG = '/api/HIS/CheckDrug';
const BODY_LIMIT = 1024 * 1024;

const queryOf = (request: FastifyRequest): URLSearchParams =>
  new URLSearchParams(request.url.slice(Math.max(request.url.indexOf('?'), 0)));

const formOf = (request: FastifyRequest): URLSearchParams =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams();

const sendPage = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).headers(PAGE_HEADERS).send(page);

export async function hisproRoutes(app: FastifyInstance, deps: HisproDeps): Promise<void> {
  const { settings } = deps;
  const allowed = networkList(settings.allowedNetworks);
  /** HisPro sends no credentials: where the site lists its network, the address is its name. */
  const knows = (request: FastifyRequest): Identity | undefined =>
    settings.allowedNetworks.length > 0 && allowed(request.ip)
      ? {
          actor: 'hispro',
          facilityId: settings.facilityId,
          roles: ['his'],
          scopes: new Set(['interop']),
          known: 'door',
        }
      : undefined;
  const config = { scope: 'interop' as const, knows };
  const linked = { scope: 'link' as const };
  const hide = { hide: true };

  // Not Accept-Language: HisPro's embedded browser says English, whoever sits before it.
  const languageOf = (wish: string | null): Language =>
    wish === 'vi' || wish === 'en' ? wish : settings.defaultLanguage;

  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
  // The default content type of C#'s StringContent.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));

  app.post(
    CHECK_DRUG,
    {
      config,
      bodyLimit: BODY_LIMIT,
      schema: { tags: ['hispro'], operationId: 'checkDrug', summary: 'HisPro asks while a drug is prescribed' },
    },
    async (request, reply) => {
      if (!allowed(request.ip)) throw hisproErrors.error('address-not-allowed');
      const language = languageOf(null);
      const answer = await checkDrug(readDrugCheck(request.body), language, deps, (fault) => {
        request.log.error({ route: CHECK_DRUG, frames: framesOf(fault) }, 'check drug answered without the alerts');
      });
      return reply.send(answer);
    },
  );

  await app.register(async (pages) => {
    pages.setErrorHandler((thrown, request, reply) => {
      const error = asCareError(thrown);
      if (error.status >= 500)
        request.log.error({ route: request.routeOptions.url, frames: framesOf(thrown) }, 'page failed');
      const language = languageOf(queryOf(request).get('lang'));
      void sendPage(reply, error.status, refusalPage(language, error.text[language]));
    });

    pages.get(CONFIRMATION_PATH, { config, schema: hide }, async (request, reply) => {
      const query = queryOf(request);
      const language = languageOf(query.get('lang'));
      return sendPage(reply, 200, await showConfirmation(query.get('sessionId') ?? '', language, deps));
    });

    pages.post(CONFIRMATION_PATH, { config, schema: hide }, async (request, reply) => {
      const form = formOf(request);
      const { status, page } = await takeConfirmation(form, languageOf(form.get('lang')), deps);
      return sendPage(reply, status, page);
    });

    pages.get(VIEW_PATH, { config: linked, schema: hide }, async (request, reply) => {
      const query = queryOf(request);
      const viewed = await view(query, languageOf(query.get('lang')), deps);
      return viewed.kind === 'redirect' ? reply.redirect(viewed.to, 303) : sendPage(reply, viewed.status, viewed.page);
    });

    pages.get(PICTURE_PATH, { config: linked, schema: hide }, async (request, reply) => {
      const png = await viewPicture(queryOf(request), deps);
      return png === undefined ? reply.code(404).send() : reply.type('image/png').send(png);
    });
  });
}
