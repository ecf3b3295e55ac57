// A second source for the lists of diagnoses: the ICD-10 codes of Charlson's and Elixhauser's conditions (Quan 2005), as another package prints
// them, must be in our lists, except for those of which it is said here why not. A code that is new there, or an exception that is no longer
// one, fails.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { conditionsOf } from '#terminology/conditions.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { tellDifferences } from './code-list-differences.ts';

interface Comparison {
  readonly list: string;
  readonly condition: string;
  /** Ours: each code must state one of these. */
  readonly concepts: readonly string[];
  /** Codes of theirs that ours leaves out, with the reason. */
  readonly except: Readonly<Record<string, string>>;
}

const CARDIOMYOPATHY = 'cardiomyopathy is no heart failure by itself';
const NOT_NAMED = 'the publications of the equations do not name it as cardiovascular disease';
const DIABETES = { list: 'elixhauser_icd10_quan', concepts: ['diabetes'], except: {} } as const;

const COMPARISONS: readonly Comparison[] = [
  { list: 'charlson_icd10_quan', condition: 'ami', concepts: ['prior_cvd'], except: {} },
  { list: 'charlson_icd10_quan', condition: 'ami', concepts: ['vascular_disease'], except: {} },
  {
    list: 'charlson_icd10_quan',
    condition: 'cevd',
    concepts: ['prior_cvd'],
    except: {
      H340: NOT_NAMED,
      I62: NOT_NAMED,
      I65: NOT_NAMED,
      I66: NOT_NAMED,
      I67: NOT_NAMED,
      I68: NOT_NAMED,
    },
  },
  {
    list: 'charlson_icd10_quan',
    condition: 'pvd',
    concepts: ['prior_cvd'],
    except: {
      I70: 'only its part I70.2, the arteries of the limbs; the others are not named',
      I71: NOT_NAMED,
      I738: NOT_NAMED,
      I771: NOT_NAMED,
      I790: NOT_NAMED,
      K551: NOT_NAMED,
      K558: NOT_NAMED,
      K559: NOT_NAMED,
      Z958: 'any cardiac or vascular implant',
      Z959: 'any cardiac or vascular implant',
    },
  },
  {
    list: 'charlson_icd10_quan',
    condition: 'chf',
    concepts: ['heart_failure'],
    except: {
      I099: 'rheumatic heart disease of a kind that was not said',
      I255: CARDIOMYOPATHY,
      I420: CARDIOMYOPATHY,
      I425: CARDIOMYOPATHY,
      I426: CARDIOMYOPATHY,
      I427: CARDIOMYOPATHY,
      I428: CARDIOMYOPATHY,
      I429: CARDIOMYOPATHY,
      I43: CARDIOMYOPATHY,
      P290: 'of the newborn',
    },
  },
  { ...DIABETES, condition: 'diabunc' },
  { ...DIABETES, condition: 'diabc' },
  { list: 'elixhauser_icd10_quan', condition: 'hypunc', concepts: ['hypertension'], except: {} },
  { list: 'elixhauser_icd10_quan', condition: 'hypc', concepts: ['hypertension'], except: {} },
];

const lists = z.record(z.string(), z.record(z.string(), z.array(z.string())));

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: compare-code-lists LISTS.json');
const theirs = lists.parse(JSON.parse(readFileSync(file, 'utf8')));

const isOurs = (code: string, concepts: readonly string[]): boolean =>
  conditionsOf([{ system: SYSTEM_URIS['icd-10'], code }]).some((concept) => concepts.includes(concept));

tellDifferences(
  COMPARISONS.map(({ list, condition, concepts, except }) => ({
    name: condition,
    codes: theirs[list]?.[condition],
    isOurs: (code) => isOurs(code, concepts),
    except,
  })),
);
