// National indicator codes (MA_CHI_SO) → LOINC. A site extends the table with its own codes; a code that no table knows stays unknown.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { xml130Errors } from '#interop/xml130/errors.ts';

const table = z.record(z.string().min(1), z.string().regex(/^\d{1,7}-\d$/, 'a LOINC code such as 2345-7'));

export type Indicators = ReadonlyMap<string, string>;

/**
 * The pairs of QĐ 1227/QĐ-BYT (11 April 2025) that were seen with code and name together; its full table is not public as data.
 * A later draft of the community's FHIR guide gives both codes to other tests: before an equation uses one, see the decree.
 */
const NATIONAL: Readonly<Record<string, string>> = {
  '1010001': '2345-7', // glucose, serum or plasma
  '1000001': '789-8', // erythrocytes, blood
};

function readSite(file: string): Readonly<Record<string, string>> {
  try {
    return table.parse(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')));
  } catch (cause) {
    throw xml130Errors.error('bad-indicators', { field: file, cause });
  }
}

/** The site's own table alone, for doors at which national codes are not expected. Throws `xml130.bad-indicators`. */
export const siteCodes = (siteFile: string | undefined): Indicators =>
  new Map(siteFile === undefined ? [] : Object.entries(readSite(siteFile)));

/** The national table, extended by the JSON file `{"MA_CHI_SO": "LOINC"}` of a site; a site's entry wins. `system|code` names one system's code. Throws `xml130.bad-indicators`. */
export function loadIndicators(siteFile?: string): Indicators {
  const site = siteFile === undefined ? {} : readSite(siteFile);
  return new Map(Object.entries({ ...NATIONAL, ...site }));
}
