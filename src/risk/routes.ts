// The door of the risk room: one person, the list of equations, and the doors for series and cohorts beside them.
import type { FastifyInstance } from 'fastify';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import { cohortRoutes } from '#risk/cohort/routes.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { Clock } from '#kernel/clock.ts';
import { assessmentOf } from '#risk/person/assessment.ts';
import { fitsVietNam } from '#risk/person/flag.ts';
import { itemOf } from '#risk/person/items.ts';
import type { TellRisks } from '#risk/person/tell.ts';
import { questionOf, subjectStatedBy } from '#risk/person/question.ts';
import { type SeriesDeps, seriesRoutes } from '#risk/person/series-routes.ts';
import { assessAnswer, assessBody, equationsAnswer } from './schema.ts';
import { equationsView } from './views.ts';

export interface RiskRoutesDeps extends SeriesDeps {
  readonly room: RiskRoom;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  readonly tell: TellRisks;
}

export async function riskRoutes(plain: FastifyInstance, deps: RiskRoutesDeps): Promise<void> {
  const { room, clock, policy, tell } = deps;
  const app = typed(plain);
  const tags = ['risk'];

  app.post(
    '/v1/risk/assess',
    {
      config: { scope: 'risk:assess' },
      schema: {
        tags,
        operationId: 'assessRisk',
        summary:
          'One person: every equation that applies, or those that are named, with reasons, intervals and what-ifs',
        body: assessBody,
        response: { 200: assessAnswer, ...problemResponses },
      },
    },
    async ({ body, identity }) => {
      const question = questionOf(body, clock.now());
      const answer = await room.assessPatient(question);
      const patientCode = body.patient?.code;
      if (body.keep !== true || patientCode === undefined) return { ...answer, alertIds: [] };
      // Asked for by name an equation may raise a flag; unasked only those that fit Viet Nam.
      const mayTell = answer.results.filter((result) => body.equations !== undefined || fitsVietNam(result));
      const { alerts } = await tell(
        mayTell.map((result) => itemOf(result, identity.facilityId)),
        {
          facilityId: identity.facilityId,
          patientCode,
          policy,
          actor: identity.actor,
          facts: 'request',
          complete: false,
          subject: subjectStatedBy(question),
          alsoKept: answer.results
            .filter(({ outcome }) => outcome === 'assessed')
            .map((result) => assessmentOf(result, patientCode, answer.asOf)),
        },
      );
      const alertIds = alerts.map(({ id }) => id);
      return { ...answer, alertIds };
    },
  );

  app.get(
    '/v1/risk/equations',
    {
      config: { scope: 'models:read' },
      schema: {
        tags,
        operationId: 'listEquations',
        summary: 'The equations that are served, with their inputs, and those that were refused',
        response: { 200: equationsAnswer, ...problemResponses },
      },
    },
    async () => equationsView(room),
  );

  seriesRoutes(plain, deps);
  cohortRoutes(plain, deps);
}
