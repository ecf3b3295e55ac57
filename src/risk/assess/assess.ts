// Assesses one person with one equation: assessed, or not assessed with the reasons. Everything of one answer is one run of the graph.
import type { Sentence } from '#kernel/errors.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { localDay } from '#kernel/local-time.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { plainValue } from '#risk/input/value.ts';
import { conceptOf } from '#risk/measure/registry.ts';
import { CONDITION_CONCEPTS } from '#terminology/conditions.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import { runParts } from './batch.ts';
import { candidatesOf } from './candidates.ts';
import { coalitionsPart } from './coalitions.ts';
import { intervalOf } from './interval.ts';
import { judge, needOf, type Judgement, type Subject } from './judge.ts';
import { explanationOf, riskAgeOf, whatIfOf } from './narrate.ts';
import { chooseHeadline, intervalShown, personPart, valueShown } from './outputs.ts';
import { numbersOf, type InputStates } from './person.ts';
import { playersOf } from './players.ts';
import type { EquationResult, InputShown, OutputShown, SettledBy } from './result.ts';
import { riskAgePart } from './risk-age.ts';
import { askedChanges, declaredChanges, whatIfPart } from './what-if.ts';
import { compose, listText } from './words.ts';

export interface Question extends Subject {
  readonly served: ServedEquation;
  /** Contributions, what-ifs and risk age; without them only the value. */
  readonly explain: boolean;
  /** The caller's own what-ifs, by input name. */
  readonly whatIf: readonly Readonly<Record<string, unknown>>[];
  /** Told apart from other persons with the same values. */
  readonly subjectKey: string;
  /** The moment for which the person is assessed. */
  readonly asOf: Date;
}

/** Changes when the same input could give another result. */
const PIPELINE_VERSION = 'risk-1';
/** Above this share of unknown inputs an interval says so little that the equation is not offered by itself. */
const MOST_MISSING = 0.5;
const TOLD_CONTRIBUTIONS = 4;

function provenanceOf({ served, states }: Question): Provenance {
  const { id, version } = served.equation.data;
  // In the equation's own order, so the same inputs always have the same hash; measured anew they are other inputs.
  const inputs = [...states].map(([name, state]) => {
    const time = state.origin === undefined || state.origin.kind === 'stated' ? null : (state.origin.time ?? null);
    if (state.kind === 'given') return [name, state.x, time];
    return state.kind === 'bounds' ? [name, state.low, state.high, time] : [name, null];
  });
  return {
    inputSha256: sha256Hex(JSON.stringify(inputs)),
    pipelineVersion: PIPELINE_VERSION,
    modelId: `risk-${id}`,
    modelVersion: version,
    modelSha256: served.modelSha256,
    provider: 'cpu',
    precision: 'fp64',
    calibrationVersion: `${id}-${version}`,
    thresholdVersion: `${id}-${version}`,
  };
}

const inputsShown = (equation: Equation, states: InputStates): readonly InputShown[] =>
  equation.data.inputs.map((input): InputShown => {
    const state = states.get(input.name) ?? { kind: 'missing', because: 'not-given' };
    const because = state.kind === 'missing' ? state.because : state.kind;
    return {
      name: input.name,
      title: input.title,
      unit: input.kind === 'number' ? input.unit : null,
      state: because === 'not-given' ? 'missing' : because === 'apart' ? 'stale' : because,
      value: state.kind === 'given' ? plainValue(input, state.x) : null,
      bounds: state.kind === 'bounds' ? { low: state.low, high: state.high } : null,
      origin: state.origin ?? null,
    };
  });

type Answer = Pick<
  EquationResult,
  | 'outcome'
  | 'reasons'
  | 'needs'
  | 'headline'
  | 'outputs'
  | 'explanation'
  | 'whatIf'
  | 'settledBy'
  | 'riskAge'
  | 'words'
>;

const NO_ANSWER: Omit<Answer, 'reasons'> = {
  outcome: 'not-assessed',
  needs: [],
  headline: null,
  outputs: [],
  explanation: null,
  whatIf: [],
  settledBy: null,
  riskAge: null,
  words: [],
};

function resultSentence(shown: OutputShown): Sentence {
  const { title, text: result, categories } = shown;
  const [category] = categories;
  return categories.length === 1 && category !== undefined
    ? compose('risk.words.result-with-category', { title, result, category: category.title })
    : compose('risk.words.result', { title, result });
}

async function wholeAnswer(question: Question, headline: string): Promise<Answer> {
  const { served, states, registry, explain } = question;
  const { equation } = served;
  const own = numbersOf(states);
  const output = equation.data.outputs.find(({ name }) => name === headline);
  if (output === undefined) return { ...NO_ANSWER, reasons: [] };
  const asked = question.whatIf.map((changes, at) => askedChanges(equation, changes, `whatIf.${at}`));
  const changes = explain ? [...declaredChanges(equation, headline, own), ...asked] : asked;
  const players = explain ? playersOf(equation, headline, own) : [];
  const [row, shares, whatIfs, age] = await runParts(served, own, [
    personPart,
    coalitionsPart(players, headline),
    whatIfPart(changes, headline),
    explain ? riskAgePart(equation, headline, own) : riskAgePart(equation, '', own),
  ]);
  const outputs = equation.data.outputs.map((one) => valueShown(equation, one, row, own));
  const answer = outputs.find(({ name }) => name === headline);
  if (answer === undefined || answer.value === null) return { ...NO_ANSWER, reasons: [], outputs };
  const told = { equation, output, own, states, registry };
  const explanation = explain ? explanationOf(told, players, shares) : null;
  const whatIf = whatIfs.map((one) => whatIfOf(told, one, answer.value ?? Number.NaN));
  const riskAge = riskAgeOf(age);
  const main = whatIf[declaredChanges(equation, headline, own).length - 1];
  return {
    ...NO_ANSWER,
    outcome: 'assessed',
    reasons: [],
    headline,
    outputs,
    explanation,
    whatIf,
    riskAge,
    words: [
      resultSentence(answer),
      ...(explanation?.contributions.slice(0, TOLD_CONTRIBUTIONS).map(({ text }) => text) ?? []),
      ...(explain && main !== undefined ? [main.text] : []),
      ...(riskAge === null ? [] : [riskAge.text]),
    ],
  };
}

async function openAnswer(question: Question, headline: string, missing: readonly string[]): Promise<Answer> {
  const { served, states, registry } = question;
  const { equation } = served;
  const own = numbersOf(states);
  const output = equation.data.outputs.find(({ name }) => name === headline);
  const inputs = equation.data.inputs.filter(({ name }) => missing.includes(name));
  if (output === undefined) return { ...NO_ANSWER, reasons: [] };
  const [row] = await runParts(served, own, [personPart]);
  const answer = await intervalOf({
    served,
    output: headline,
    own,
    missing: inputs.map((input) =>
      candidatesOf(equation, input, states.get(input.name) ?? { kind: 'missing', because: 'not-given' }),
    ),
  });
  if (!Number.isFinite(answer.lower)) return { ...NO_ANSWER, reasons: [] };
  const shown = intervalShown(output, answer);
  const telling = equation.inputs.get(answer.telling.name);
  const settledBy: SettledBy | null =
    telling === undefined || (answer.categories.length === 1 && shown.categories.length === 1)
      ? null
      : {
          input: telling.name,
          title: telling.title,
          unit: telling.kind === 'number' ? telling.unit : null,
          codes: needOf(telling, registry).codes,
          settles: answer.telling.settles,
        };
  return {
    ...NO_ANSWER,
    outcome: 'assessed',
    reasons: [],
    needs: inputs.map((input) => needOf(input, registry, states.get(input.name))),
    headline,
    outputs: equation.data.outputs.map((one) => (one.name === headline ? shown : valueShown(equation, one, row, own))),
    settledBy,
    words: [
      compose('risk.words.interval', {
        title: output.title,
        result: shown.text,
        missing: listText(inputs.map(({ title }) => title)),
      }),
      ...(settledBy === null
        ? []
        : [compose(settledBy.settles ? 'risk.words.settled' : 'risk.words.narrowed', { input: settledBy.title })]),
    ],
  };
}

/** A problem list never says no, so that a diagnosis that is not on it stays open for ever. */
const isAnswerable = (input: Input): boolean => !CONDITION_CONCEPTS.includes(conceptOf(input));

async function answerTo(question: Question, judgement: Judgement): Promise<Answer & { applicability?: 'needs' }> {
  const { served, states, registry, named } = question;
  const chosen = chooseHeadline(served.equation, numbersOf(states));
  if (judgement.applicability !== 'applicable' || chosen === undefined) {
    return { ...NO_ANSWER, reasons: judgement.reasons, needs: judgement.needs };
  }
  const { output, missing } = chosen;
  if (missing.length === 0) return wholeAnswer(question, output.name);
  const needed = served.equation.needs.get(output.name) ?? [];
  const unanswered = served.equation.data.inputs.filter(
    (input) => missing.includes(input.name) && isAnswerable(input) && states.get(input.name)?.kind !== 'bounds',
  );
  if (!named && unanswered.length > needed.length * MOST_MISSING) {
    const inputs = served.equation.data.inputs.filter(({ name }) => missing.includes(name));
    return {
      ...NO_ANSWER,
      applicability: 'needs',
      reasons: inputs.map(({ name, title }) => ({
        code: 'risk.needs-input',
        field: name,
        text: compose('risk.reason.needs-input', { title }),
      })),
      needs: inputs.map((input) => needOf(input, registry, states.get(input.name))),
    };
  }
  return openAnswer(question, output.name, missing);
}

const nothingComputed = (headline: OutputShown | undefined): EquationResult['reasons'] =>
  headline !== undefined && headline.reasons.length > 0
    ? headline.reasons.map((reason) => ({ ...reason, field: headline.name }))
    : [{ code: 'risk.nothing-computed', field: null, text: compose('risk.reason.nothing-computed', {}) }];

/** Undated values are those of the day on which they are sent: the same ones tomorrow are another assessment. */
function occasionOf({ states, asOf }: Question): string {
  const dated = [...states.values()].some(
    ({ origin }) => origin !== undefined && origin.kind !== 'stated' && origin.time,
  );
  return dated ? '' : localDay(asOf);
}

/** Throws CareError for a what-if that cannot be asked; everything about the person is an answer. */
export async function assessEquation(question: Question): Promise<EquationResult> {
  const { served, states, subjectKey } = question;
  const { data } = served.equation;
  const judgement = judge(served.equation, question);
  const answer = await answerTo(question, judgement);
  const provenance = provenanceOf(question);
  const silent = answer.outcome === 'not-assessed' && answer.reasons.length === 0;
  return {
    id: derivedUuid(
      'risk-assessment',
      subjectKey,
      provenance.modelSha256,
      provenance.inputSha256,
      occasionOf(question),
    ),
    equationId: data.id,
    equationVersion: data.version,
    title: data.title,
    group: data.group,
    applicability: judgement.applicability,
    ...answer,
    reasons: silent ? nothingComputed(answer.outputs[0]) : answer.reasons,
    inputs: inputsShown(served.equation, states),
    assumptions: judgement.assumptions,
    limits: judgement.limits,
    vietNam: data.vietNam,
    licenceDuty: data.licence.duty ?? null,
    citation: data.citation.text,
    provenance,
  };
}
