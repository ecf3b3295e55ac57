// Checks Accept, _format and Prefer; anything but JSON is refused.
import type { FastifyRequest } from 'fastify';
import { fhirErrors } from './errors.ts';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

const JSON_TYPES = new Set(['application/fhir+json', 'application/json', 'application/*', '*/*', 'text/json', 'json']);

/** A type that is refused (`q=0`), or asked for in another version of FHIR, is not acceptable. */
const acceptable = (header: string): boolean =>
  header.split(',').some((part) => {
    const [type = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const excluded = parameters.some((one) => /^q=0(\.0*)?$/.test(one) || /^fhirversion=(?!4\.0)/.test(one));
    return !excluded && (type === '' || JSON_TYPES.has(type));
  });

/** The query's parameters in their order, also repeated ones. */
export const queryOf = (url: string): readonly (readonly [string, string])[] => {
  const at = url.indexOf('?');
  return at < 0 ? [] : [...new URLSearchParams(url.slice(at + 1))];
};

/** `_format` goes before Accept (R4). Throws `fhir.not-acceptable`. */
export function checkAcceptable(request: FastifyRequest): void {
  const format = queryOf(request.url).find(([name]) => name === '_format')?.[1];
  // An unescaped `+` arrives as a blank.
  const wanted = format?.replace('fhir json', 'fhir+json') ?? request.headers.accept ?? '';
  if (!acceptable(wanted))
    throw fhirErrors.error('not-acceptable', { field: format === undefined ? 'Accept' : '_format' });
}

/** `Prefer: handling=strict` or `lenient`, the default. */
export function isStrict(request: FastifyRequest): boolean {
  const { prefer } = request.headers;
  const text = (Array.isArray(prefer) ? prefer.join(',') : (prefer ?? '')).toLowerCase();
  return /(^|[,;\s])handling\s*=\s*"?strict"?/.test(text);
}
