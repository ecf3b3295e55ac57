// A draft of the report's words in either language, marked preliminary: what the model suggests and what a person has said; the rest is
// the radiologist's to write.
import type { Opinion, Reading } from '#client/client.ts';
import type { Language } from '#kernel/errors.ts';
import { headOf } from '#web/pages/shell/heads.ts';
import { copyText } from '#web/pages/shell/notices.tsx';
import { language, percent, say, sayIn } from '#web/pages/shell/words.ts';
import { inOrder } from './finding-order.ts';

const LANGUAGES = ['vi', 'en'] as const;

export interface ReportDraftProps {
  readonly reading: Reading;
  readonly opinions: readonly Opinion[];
}

function reportText({ reading, opinions }: ReportDraftProps, speaking: Language): string {
  const { modelId, modelVersion } = reading.provenance;
  const titleOf = (code: string): string => headOf(reading.provenance, code)?.title[speaking] ?? code;
  const denied = new Set(opinions.filter(({ present }) => !present).map(({ findingCode }) => findingCode));
  const suggested = inOrder(reading.findings, (code) => headOf(reading.provenance, code))
    .filter(({ code, decision }) => decision === 'positive' && !denied.has(code))
    .map(({ code, probability }) => `- ${titleOf(code)} (${percent(probability)})`);
  const said = opinions.map(({ findingCode, present, saidBy }) => {
    const what = sayIn(speaking, present ? 'report.present' : 'report.absent', { finding: titleOf(findingCode) });
    return `- ${sayIn(speaking, 'report.said', { who: saidBy, what })}`;
  });
  return [
    sayIn(speaking, 'report.preliminary'),
    sayIn(speaking, 'report.suggests'),
    ...(suggested.length === 0 ? [`- ${sayIn(speaking, 'nothing-positive')}`] : suggested),
    ...said,
    sayIn(speaking, 'report.from', { model: `${modelId} ${modelVersion}` }),
  ].join('\n');
}

export function ReportDraft(props: ReportDraftProps) {
  if (props.reading.outcome !== 'assessed') return null;
  return (
    <section>
      <details>
        <summary>{say('report')}</summary>
        <pre class="report">{reportText(props, language.value)}</pre>
        <div class="actions">
          {LANGUAGES.map((each) => (
            <button key={each} type="button" onClick={() => copyText(reportText(props, each))}>
              {say(`copy-in.${each}`)}
            </button>
          ))}
        </div>
      </details>
    </section>
  );
}
