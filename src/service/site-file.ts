// The site file that HAIDANG_SITE names, read; where there is none, what holds without.
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { configErrors } from './errors.ts';
import { defaultSite, readSite, type Site } from './site.ts';

/** Throws CareError `config.invalid` where the file cannot be read, `interop.site` where it does not fit. */
export function siteOf({ siteFile }: Pick<Config, 'siteFile'>): Site {
  if (siteFile === undefined) return defaultSite;
  let text: string;
  try {
    text = readFileSync(siteFile, 'utf8');
  } catch (cause) {
    throw configErrors.error('invalid', { field: 'HAIDANG_SITE', reason: 'the file cannot be read', cause });
  }
  return readSite(text);
}
