// The schema of models/risk-<id>/equation.json: everything about an equation that is not code. README.md of this room explains it by example.
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { parseExpression } from '#risk/equation/expression/parse.ts';

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/);
const sentence = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });

/** The text stays beside its tree: cards and documents print the one, the compiler reads the other. */
const expression = z.string().transform((text, context) => {
  try {
    return { text, tree: parseExpression(text) };
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    context.addIssue({ code: 'custom', message: error.reason });
    return z.NEVER;
  }
});
export type ReadExpression = z.infer<typeof expression>;

/** `above` and `below` leave the limit itself out. `published` comes from the source; `plausible` only keeps absurd values out. */
const range = z
  .strictObject({
    minimum: z.number().optional(),
    above: z.number().optional(),
    maximum: z.number().optional(),
    below: z.number().optional(),
    source: z.enum(['published', 'plausible']),
  })
  .refine((limits) => (limits.minimum === undefined) !== (limits.above === undefined), 'give one of minimum, above')
  .refine((limits) => (limits.maximum === undefined) !== (limits.below === undefined), 'give one of maximum, below');
export type Range = z.infer<typeof range>;

const inputCommon = {
  name,
  /** The clinical quantity (codes.ts), shared by all equations; the default is the input's own name. */
  concept: name.optional(),
  title: sentence,
  /** Codes under which measurements of it arrive, where the concept is not in codes.ts. */
  codes: z.array(z.strictObject({ system: z.url(), code: z.string().min(1) })).optional(),
  /** Without it there is nothing to say: its absence gives no interval but "needs". */
  core: z.literal(true).optional(),
  /** The publication says how to go on without it; expressions look at it through known() and given() only. */
  mayBeAbsent: z.literal(true).optional(),
  /** Older values than this are not used; the default is the concept's. */
  maximumAgeDays: z.number().positive().optional(),
  /** Other column names under which vectors and cohorts may bring it, with the values that they use. */
  spellings: z.array(z.strictObject({ name, values: z.record(z.string(), z.string()).optional() })).optional(),
};

const numberInput = z.strictObject({
  ...inputCommon,
  kind: z.literal('number'),
  /** UCUM. */
  unit: z.string().min(1),
  whole: z.literal(true).optional(),
  range,
  /** Values that the publication uses as a code, for example 99 for "unknown"; they may lie outside the range. */
  special: z.array(z.strictObject({ value: z.number(), title: sentence })).optional(),
  /** The value of the reference person; absent: the person's own, so that this input is no player in the explanation. */
  reference: z.number().optional(),
  modifiable: z.strictObject({ target: z.number(), better: z.enum(['lower', 'higher']) }).optional(),
});

const booleanInput = z.strictObject({
  ...inputCommon,
  kind: z.literal('boolean'),
  reference: z.boolean().optional(),
  modifiable: z.strictObject({ target: z.boolean() }).optional(),
});

const codedInput = z.strictObject({
  ...inputCommon,
  kind: z.literal('coded'),
  levels: z
    .array(z.strictObject({ code: z.string().min(1), title: sentence, also: z.array(z.string()).optional() }))
    .min(1),
  reference: z.string().optional(),
  modifiable: z.strictObject({ target: z.string(), from: z.array(z.string()).min(1) }).optional(),
});

export const inputSchema = z.discriminatedUnion('kind', [numberInput, booleanInput, codedInput]);
export type Input = z.infer<typeof inputSchema>;
export type NumberInput = z.infer<typeof numberInput>;

/** A number cut into bands: band i holds the values for which the first i cuts hold. */
const band = z
  .strictObject({
    of: expression,
    cuts: z.array(z.string().regex(/^>=? -?\d+(\.\d+)?(e\d+)?$/)).min(1),
    labels: z.array(z.string().min(1)),
    /** One value inside each band. With it a caller may give the band's label, under the band's name, instead of the number. */
    representatives: z.array(z.number()).optional(),
  })
  .refine(({ cuts, labels }) => labels.length === cuts.length + 1, 'a band has one label more than it has cuts')
  .refine(({ labels, representatives }) => (representatives ?? labels).length === labels.length, 'one per label');

const table = z.strictObject({
  /** Coded or boolean inputs ("no", "yes") and bands, outermost first. */
  by: z.array(name).min(1),
  /** Nested by those labels; the leaves are numbers, or lists of one length (then the table gives a series). */
  values: z.record(z.string(), z.unknown()),
  source: z.string().optional(),
});

const curve = z.strictObject({ x: z.array(z.number()).min(2), y: z.array(z.number()).min(2) });

/** A number, or numbers nested by the labels of the step's `by`, outermost first; table.ts reads both. */
const coefficient = z.union([z.number(), z.record(z.string(), z.unknown())]);

const step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('value'), name, is: expression, note: z.string().optional() }),
  /** intercept + Σ beta × term; the betas may differ by the levels of `by`. */
  z.strictObject({
    kind: z.literal('linear'),
    name,
    by: z.array(name).optional(),
    intercept: coefficient.optional(),
    terms: z.array(z.strictObject({ of: expression, beta: coefficient })).min(1),
  }),
  /** The sum of the items; each item is a value of its own, named `name`. */
  z.strictObject({
    kind: z.literal('points'),
    name,
    items: z.array(z.strictObject({ name, of: name, points: z.record(z.string(), z.number()) })).min(1),
  }),
]);

const category = z.strictObject({
  code: z.string().min(1),
  /** For the colour and the ward's policy; `none` where the publication grades nothing. */
  level: z.enum(['none', 'low', 'moderate', 'high', 'very-high', 'critical']),
  title: sentence,
  /** Over inputs and outputs. The first that holds is the category. */
  when: expression,
});
export type Category = z.infer<typeof category>;

const output = z.strictObject({
  name,
  title: sentence,
  is: expression,
  /** UCUM: `1` a probability, `%` the same in percent, `{score}` points, else a unit. */
  unit: z.string().min(1),
  /** `headline` is the answer; where several are, the first that needs nothing missing. The others are details. */
  role: z.enum(['headline', 'detail']),
  horizonYears: z.number().positive().optional(),
  /** The output is a code: its number is the place in this list. */
  labels: z.array(z.string()).optional(),
  /** Where this output says nothing though the equation as such holds. */
  excludes: z.array(z.strictObject({ when: expression, text: sentence })).optional(),
  categories: z.array(category).optional(),
});
export type Output = z.infer<typeof output>;

const exclusion = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  when: expression,
  text: sentence,
  /** True: also a caller who names the equation is refused. False: then it is computed and the sentence stands among the limits. */
  always: z.boolean(),
});

/** A statement about the person that is no input, under its concept's name. */
const premise = z.strictObject({
  concept: name,
  holds: z.boolean(),
  text: sentence,
  /** True: without the statement the equation is not offered by itself (it "needs" it). False: assumed, and said so. */
  mustBeStated: z.boolean(),
  /** Where the values would raise something and only this statement is missing, that is told: the values themselves hint at it. */
  tellWhenUnstated: z.literal(true).optional(),
});

export const equationSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]+$/),
  version: z.string().regex(/^[0-9]+$/),
  title: sentence,
  group: z.enum(['cardiovascular', 'cancer', 'chronic', 'acute']),
  form: z.enum([
    'cox',
    'logistic',
    'multinomial',
    'points',
    'chart',
    'discrete-hazards',
    'competing-hazards',
    'formula',
    'rules',
  ]),
  outcome: sentence,
  horizon: sentence,
  population: z.strictObject({
    text: sentence,
    sex: z.enum(['male', 'female']).optional(),
    /** In completed years; checked against the person's age also where age is no input. */
    ageYears: z.strictObject({ minimum: z.number().optional(), below: z.number().optional() }).optional(),
    premises: z.array(premise),
  }),
  vietNam: z.strictObject({
    fit: z.enum(['intended', 'usable', 'not-validated', 'not-available']),
    text: sentence,
  }),
  inputs: z.array(inputSchema).min(1),
  /** Inputs that describe one moment: what is older than the newest of them by more than this is not used with it. */
  together: z.strictObject({ hours: z.number().positive(), inputs: z.array(name).min(2) }).optional(),
  bands: z.record(name, band).optional(),
  tables: z.record(name, table).optional(),
  series: z.record(name, z.array(z.number()).min(1)).optional(),
  curves: z.record(name, curve).optional(),
  /** Combinations that the publication calls an input error. */
  checks: z.array(z.strictObject({ when: expression, field: name, text: sentence })).optional(),
  exclusions: z.array(exclusion).optional(),
  steps: z.array(step),
  outputs: z.array(output).min(1),
  /** Players of the explanation that move together, for equations with more than fourteen inputs. */
  groups: z
    .array(
      z.strictObject({
        name,
        title: sentence,
        inputs: z.array(name).min(1),
        /** They only make sense together (a biopsy and its finding): one player, however few there are. */
        always: z.literal(true).optional(),
      }),
    )
    .optional(),
  /** The age at which a person with the reference values has the same risk. */
  riskAge: z.strictObject({ input: name, output: name }).optional(),
  limits: z.array(sentence),
  citation: z.strictObject({
    text: z.string(),
    doi: z.string().optional(),
    pmid: z.string().optional(),
    pmc: z.string().optional(),
  }),
  licence: z.strictObject({
    /** What the numbers' public sources are under; numbers are facts and no code was taken. */
    origin: z.string(),
    /** Must be shown with every result. */
    duty: sentence.optional(),
  }),
  evidence: z.strictObject({ crossChecked: z.enum(['yes', 'partly', 'no']), note: z.string() }),
});
export type EquationData = z.infer<typeof equationSchema>;
