// Moves a calibration to another prevalence: a probability is true only where the finding is as common as where it was declared.
import { sha256Hex } from '#kernel/ids.ts';
import type { Calibration } from '#models/schema.ts';
import { calibrationErrors } from './errors.ts';

type Head = Calibration['heads'][number];

/** Share of the population that has the finding (0 to 1), by the head's code. */
export type Prevalences = Readonly<Record<string, number>>;

const logOdds = (share: number): number => Math.log(share / (1 - share));

/** Adds to the log-odds; 0 and 1 stay: a point that is out of reach stays out of reach. */
function shifted(probability: number, shift: number): number {
  if (probability <= 0 || probability >= 1) return probability;
  return 1 / (1 + Math.exp(-(logOdds(probability) + shift)));
}

const SITE = {
  population: { vi: 'người bệnh của cơ sở này', en: 'patients of this site' },
  source: "the site's own setting",
} as const;

/**
 * Prior shift (Saerens et al., Neural Computation 2002;14:21-41): the likelihood of a logit given the finding stays, so that the
 * log-odds move by the difference of the prevalences' log-odds. Operating points move along, so that no decision changes.
 */
export function atPrevalence(head: Head, value: number): Head {
  const shift = logOdds(value) - logOdds(head.prevalence.value);
  return {
    ...head,
    intercept: head.intercept + shift,
    positiveFrom: shifted(head.positiveFrom, shift),
    negativeTo: shifted(head.negativeTo, shift),
    prevalence: { value, ...SITE },
  };
}

/**
 * The calibration of a site that declares prevalences of its own; its version names them, so that every result does. Without any
 * it stays as it is. Throws CareError `calibration.unknown-head` with the code.
 */
export function siteCalibration(calibration: Calibration, prevalences: Prevalences): Calibration {
  const declared = Object.entries(prevalences).sort(([a], [b]) => (a < b ? -1 : 1));
  if (declared.length === 0) return calibration;
  const codes = new Set(calibration.heads.map(({ code }) => code));
  const stranger = declared.find(([code]) => !codes.has(code));
  if (stranger !== undefined) throw calibrationErrors.error('unknown-head', { field: stranger[0] });
  return {
    ...calibration,
    version: `${calibration.version}+site-${sha256Hex(JSON.stringify(declared)).slice(0, 8)}`,
    heads: calibration.heads.map((head) => {
      const value = prevalences[head.code];
      return value === undefined ? head : atPrevalence(head, value);
    }),
  };
}
