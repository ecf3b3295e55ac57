// Facts of the examination, and the provenance of its result.
import type { Reading, Study } from '#client/client.ts';
import { say, time, type WordKey } from '#web/pages/shell/words.ts';

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
