// A refusal becomes the OperationOutcome that CDS Hooks 3.0 asks for, with the key at fault in `expression`; never a stack, never patient text.
import type { CareError, Language } from '#kernel/errors.ts';

const ISSUE_CODES: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  406: 'not-supported',
  412: 'required',
  413: 'too-long',
  415: 'not-supported',
  422: 'processing',
  501: 'not-supported',
  503: 'transient',
};

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly {
    readonly severity: 'error';
    readonly code: string;
    readonly details: { readonly text: string };
    readonly diagnostics: string;
    readonly expression?: readonly string[];
  }[];
}

/** `feedback.0.card` is written `feedback[0].card`, as FHIRPath does. */
const asPath = (field: string): string => field.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');

export const outcomeOf = (error: CareError, language: Language): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: ISSUE_CODES[error.status] ?? 'exception',
      details: { text: error.text[language] },
      diagnostics:
        error.field === undefined ? `${error.code}: ${error.reason}` : `${error.code}: ${error.field}: ${error.reason}`,
      ...(error.field === undefined ? {} : { expression: [asPath(error.field)] }),
    },
  ],
});
