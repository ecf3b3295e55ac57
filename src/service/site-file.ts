// The site file of this configuration, or what holds without one.
import type { Config } from './config.ts';
import { configErrors } from './errors.ts';
import { readSecretFile } from './secret-file.ts';
import { defaultSite, readSite, type Site } from './site.ts';

/** Throws `config.invalid` where the file cannot be read or everybody may, `interop.site` for a wrong field. */
export function siteOf({ siteFile }: Pick<Config, 'siteFile'>): Site {
  if (siteFile === undefined) return defaultSite;
  const refused = (reason: string, cause?: unknown) =>
    configErrors.error('invalid', { field: 'HAIDANG_SITE', reason, ...(cause !== undefined && { cause }) });
  return readSite(readSecretFile(siteFile, refused));
}
