// What is known of the examination, where its result comes from, and a draft of the report's words.
import type { Reading, Study } from '#client/client.ts';
import { headOf } from '#web/pages/shell/heads.ts';
import { tell } from '#web/pages/shell/notices.tsx';
import { both, percent, say, time, type WordKey } from '#web/pages/shell/words.ts';
import { inOrder } from './finding-order.ts';

type Row = readonly [WordKey, string | null | undefined];

const Facts = ({ rows }: { readonly rows: readonly Row[] }) => (
  <dl class="facts">
    {rows
      .filter(([, value]) => value)
      .map(([key, value]) => (
        <div key={key}>
          <dt>{say(key)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

export const StudyFacts = ({ study }: { readonly study: Study }) => (
  <section aria-label={say('study')}>
    <h2>{say('study')}</h2>
    <Facts
      rows={[
        ['description', [study.modality, study.description].filter(Boolean).join(' · ')],
        ['accession', study.accessionNumber],
        ['question', study.order?.question],
        ['requester', [study.order?.physician, study.order?.department].filter(Boolean).join(', ')],
        ['order-state', study.order?.state === 'cancelled' ? say('order-cancelled') : undefined],
        ['study-time', study.studyTime && time(study.studyTime)],
        ['received', time(study.receivedAt)],
      ]}
    />
  </section>
);

export const Provenance = ({ reading }: { readonly reading: Reading }) => {
  const from = reading.provenance;
  return (
    <section>
      <details>
        <summary>{say('provenance')}</summary>
        <Facts
          rows={[
            ['model', `${from.modelId} ${from.modelVersion}`],
            ['calibration', from.calibrationVersion],
            ['thresholds', from.thresholdVersion],
            ['hardware', `${from.provider} ${from.precision}`],
            ['pipeline', from.pipelineVersion],
            ['read-at', time(reading.readAt)],
            ['revision', String(reading.revision)],
            ['input', from.inputSha256],
            ['weights', from.modelSha256],
          ]}
        />
      </details>
    </section>
  );
};

/** Only what is positive and what a person confirmed or denied; the rest is the radiologist's to write. */
function reportText(reading: Reading): string {
  const { modelId, modelVersion } = reading.provenance;
  const lines = inOrder(reading.findings, (code) => headOf(modelId, code))
    .filter(({ decision }) => decision === 'positive')
    .map(({ code, probability }) => {
      const head = headOf(modelId, code);
      return `- ${head ? both(head.title) : code} (${percent(probability)})`;
    });
  return [
    say('report.preliminary'),
    ...(lines.length === 0 ? [say('nothing-positive')] : lines),
    say('report.from', { model: `${modelId} ${modelVersion}` }),
  ].join('\n');
}

export function ReportDraft({ reading }: { readonly reading: Reading }) {
  if (reading.outcome !== 'assessed') return null;
  const text = reportText(reading);
  return (
    <section>
      <details>
        <summary>{say('report')}</summary>
        <pre class="report">{text}</pre>
        <button
          type="button"
          onClick={() =>
            void navigator.clipboard
              .writeText(text)
              .then(() => tell({ kind: 'done', text: say('copied') }))
              .catch(() => tell({ kind: 'fault', text: say('not-copied') }))
          }
        >
          {say('copy')}
        </button>
      </details>
    </section>
  );
}
