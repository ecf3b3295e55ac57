// Stored results become cards: an alert, a study still being read, a study that was not assessed, a risk that waits for an input.
import type { RiskItem } from '#risk/person/risk-item.ts';
import type { Alert, Severity } from '#kernel/alert.ts';
import type { Language, Sentence } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';
import { overrideReasonText, reasonsFor } from '#alerts/lifecycle/override-reasons.ts';
import { fitSummary, inSentence } from '#messages/short-text.ts';
import { localTime } from '#messages/local-time.ts';
import { say } from '#messages/say.ts';
import type { Card, Coding, Suggestion } from './card.ts';
import type { StudyState } from '#interop/cds-hooks/ports.ts';

export interface CardContext {
  readonly language: Language;
  readonly publicUrl: string;
  readonly patientId: string;
  /** Sentences about data that did not come, for the cards that are computed from it. */
  readonly gaps: readonly Sentence[];
  /** What each equation gives with the data of this request. */
  readonly results?: ReadonlyMap<string, Sentence>;
  readonly link: ((alert: Alert) => string) | undefined;
}

const overrideReasons = (alert: Alert, { language, publicUrl }: CardContext): Coding[] =>
  reasonsFor(alert).map((code) => ({
    system: `${publicUrl}/CodeSystem/override-reason`,
    code,
    display: overrideReasonText(code)[language],
  }));

const gapsOf = ({ gaps, language }: CardContext): string[] => gaps.map((gap) => gap[language]);

const bullets = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`**${title}**`, lines.map((line) => `- ${line}`).join('\n')];

const isRisk = (alert: Alert): boolean => alert.dedupKey.startsWith('risk/');

/** The order that a suggestion proposes; a person completes and signs it. */
function draftOrder(context: CardContext, code: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'proposal',
    subject: { reference: `Patient/${context.patientId}` },
    code,
  };
}

function reviewSuggestion(alert: Alert, context: CardContext): Suggestion {
  const label = say(context.language, 'cds-hooks.suggestion.review');
  return {
    label,
    uuid: derivedUuid('suggestion', alert.id, 'review'),
    isRecommended: alert.severity === 'critical',
    actions: [
      {
        type: 'create',
        description: say(context.language, 'cds-hooks.suggestion.review-action'),
        resource: draftOrder(context, { text: label }),
      },
    ],
  };
}

/** A risk that fell is no new alert, but the number that stands is no longer today's. */
function computedAgain(alert: Alert, { language, results }: CardContext): string[] {
  const result = results?.get(ruleOfKey(alert.dedupKey).replace(/^risk\//, ''))?.[language];
  if (result === undefined || alert.summary[language].includes(result)) return [];
  return [say(language, 'cds-hooks.card.computed-again', { result })];
}

/** Acknowledged by somebody: still true, no longer an interruption. */
const indicatorOf = (alert: Alert): Severity => (alert.status === 'acknowledged' ? 'info' : alert.severity);

export function alertCard(alert: Alert, context: CardContext): Card {
  const { language, publicUrl } = context;
  const { provenance } = alert;
  const taken = alert.status === 'acknowledged' ? [say(language, 'cds-hooks.card.acknowledged')] : [];
  const asOf = say(language, 'cds-hooks.card.as-of', { time: localTime(alert.createdAt) });
  const suggestions = isRisk(alert) ? [] : [reviewSuggestion(alert, context)];
  return {
    uuid: alert.id,
    summary: alert.summary[language],
    detail: [
      ...taken,
      ...computedAgain(alert, context),
      alert.detail[language],
      ...(isRisk(alert) ? bullets(say(language, 'cds-hooks.card.missing'), gapsOf(context)) : []),
      ...bullets(
        say(language, 'cds-hooks.card.limitations'),
        alert.limitations.map((one) => one[language]),
      ),
      asOf,
    ].join('\n\n'),
    indicator: indicatorOf(alert),
    source: {
      label: say(language, 'cds-hooks.card.source', { model: provenance.modelId, version: provenance.modelVersion }),
      url: `${publicUrl}/`,
      topic: {
        system: `${publicUrl}/CodeSystem/alert-type`,
        code: isRisk(alert) ? 'risk' : 'imaging',
        display: say(language, isRisk(alert) ? 'cds-hooks.topic.risk' : 'cds-hooks.topic.imaging'),
      },
    },
    ...(suggestions.length === 0 ? {} : { suggestions, selectionBehavior: 'any' }),
    overrideReasons: overrideReasons(alert, context),
    ...(context.link === undefined
      ? {}
      : {
          links: [{ label: say(language, 'cds-hooks.link.explanation'), url: context.link(alert), type: 'absolute' }],
        }),
    extension: {
      'org.haidang.explanation': {
        alertId: alert.id,
        model: provenance.modelId,
        modelVersion: provenance.modelVersion,
        thresholdVersion: provenance.thresholdVersion,
        dedupKey: alert.dedupKey,
        status: alert.status,
        evidence: alert.evidence.map(({ code, text, value, unit }) => ({
          code,
          text: text[language],
          ...(value === undefined ? {} : { value }),
          ...(unit === undefined ? {} : { unit }),
        })),
      },
    },
  };
}

const plainSource = ({ language, publicUrl }: CardContext): Card['source'] => ({
  label: say(language, 'cds-hooks.card.source-plain'),
  url: `${publicUrl}/`,
});

export const computingCard = (key: string, context: CardContext): Card => ({
  uuid: derivedUuid('card', 'computing', context.patientId, key),
  summary: say(context.language, 'cds-hooks.computing.summary'),
  detail: say(context.language, 'cds-hooks.computing.detail'),
  indicator: 'info',
  source: plainSource(context),
});

/** A film that no model judged: said aloud, because a missing alert is no negative. */
export function notAssessedCard(study: StudyState, context: CardContext): Card {
  const { language } = context;
  const failed = study.state === 'failed';
  return {
    uuid: derivedUuid('card', study.state, study.studyUid),
    summary: say(language, failed ? 'cds-hooks.failed.summary' : 'cds-hooks.not-assessed.summary'),
    detail: [
      ...study.reasons.map(({ text }) => `- ${text[language]}`),
      '',
      say(language, 'cds-hooks.card.as-of', { time: localTime(study.receivedAt) }),
    ].join('\n'),
    indicator: 'info',
    source: plainSource(context),
  };
}

/** A risk that missing inputs leave open between two categories, with the input that would settle it. */
export function openRiskCard(item: RiskItem & { kind: 'interval' }, context: CardContext): Card {
  const { language } = context;
  const { range, lower, upper, missing, settledBy, isWholeScale } = item;
  const uuid = derivedUuid('card', 'open-risk', lower.sourceId, upper.sourceId, lower.equationId);
  const settling: Suggestion[] =
    settledBy?.loinc === undefined
      ? []
      : [
          {
            label: say(language, 'cds-hooks.suggestion.measure', { input: inSentence(settledBy.title[language]) }),
            uuid: derivedUuid('suggestion', uuid, settledBy.loinc),
            isRecommended: true,
            actions: [
              {
                type: 'create',
                description: say(language, 'cds-hooks.suggestion.measure-action'),
                resource: draftOrder(context, {
                  coding: [{ system: 'http://loinc.org', code: settledBy.loinc }],
                  text: settledBy.title[language],
                }),
              },
            ],
          },
        ];
  return {
    uuid,
    summary: fitSummary(
      (title) =>
        isWholeScale === true
          ? say(language, 'cds-hooks.open-risk.not-computed', { title })
          : say(language, 'cds-hooks.open-risk.summary', { title, range: range[language] }),
      lower.title[language],
    ),
    detail: [
      ...(settledBy === undefined
        ? []
        : [say(language, 'cds-hooks.open-risk.settled-by', { input: inSentence(settledBy.title[language]) })]),
      ...bullets(say(language, 'cds-hooks.card.missing'), [...missing.map((one) => one[language]), ...gapsOf(context)]),
      ...bullets(
        say(language, 'cds-hooks.card.limitations'),
        lower.limitations.map((one) => one[language]),
      ),
    ].join('\n\n'),
    indicator: 'info',
    source: {
      label: say(language, 'cds-hooks.card.source', {
        model: lower.equationId,
        version: lower.provenance.modelVersion,
      }),
      url: `${context.publicUrl}/`,
    },
    ...(settling.length === 0 ? {} : { suggestions: settling, selectionBehavior: 'any' }),
  };
}

/** A score that the values would raise, and that does not hold for this person: said aloud, without a number. */
export function withheldCard(item: RiskItem & { kind: 'not-assessed' }, context: CardContext): Card {
  const { language, patientId } = context;
  return {
    uuid: derivedUuid('card', 'withheld', patientId, item.equationId, ...item.reasons.map(({ code }) => code)),
    summary: fitSummary((title) => say(language, 'cds-hooks.withheld.summary', { title }), item.title[language]),
    detail: item.reasons.map(({ text }) => `- ${text[language]}`).join('\n'),
    indicator: 'info',
    source: plainSource(context),
  };
}

/** Data did not come, so a risk that it may hide was not judged. */
export const dataMissingCard = (context: CardContext): Card => ({
  uuid: derivedUuid('card', 'data-missing', context.patientId, ...context.gaps.map(({ en }) => en)),
  summary: say(context.language, 'cds-hooks.data-missing.summary'),
  detail: gapsOf(context)
    .map((gap) => `- ${gap}`)
    .join('\n'),
  indicator: 'info',
  source: plainSource(context),
});
