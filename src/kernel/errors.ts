// Errors as a catalogue: each room declares its codes once (`src/<room>/errors.ts`), with the HTTP status and both languages.
// ERRORS.md is generated from them, and a test compares the two.

export type Language = 'vi' | 'en';
export type Sentence = Readonly<Record<Language, string>>;

export interface ErrorKind {
  /** HTTP status at our own door. */
  readonly status: number;
  /** One sentence without patient data: what is wrong and what to do. */
  readonly text: Sentence;
}

export interface CareErrorDetails {
  /** The field, tag or variable at fault, named as its sender knows it. */
  readonly field?: string;
  /** What was found, without patient data. */
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** The only error that a door turns into an answer; anything else is a fault of ours and is masked as a 500. */
export class CareError extends Error {
  readonly code: string;
  readonly status: number;
  readonly text: Sentence;
  readonly field: string | undefined;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, kind: ErrorKind, details: CareErrorDetails = {}) {
    const reason = details.reason ?? kind.text.en;
    super(`${code}: ${reason}`, { cause: details.cause });
    this.name = 'CareError';
    this.code = code;
    this.status = kind.status;
    this.text = kind.text;
    this.field = details.field;
    this.reason = reason;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

export interface ErrorCatalogue<Name extends string> {
  readonly room: string;
  readonly kinds: Readonly<Record<Name, ErrorKind>>;
  /** Builds (does not throw) the error `room.name`. */
  error(name: Name, details?: CareErrorDetails): CareError;
}

/** Declares a room's errors; their codes read `room.name`, for example `dicom.truncated`. */
export function defineErrors<const Name extends string>(
  room: string,
  kinds: Readonly<Record<Name, ErrorKind>>,
): ErrorCatalogue<Name> {
  return Object.freeze({
    room,
    kinds,
    error: (name: Name, details?: CareErrorDetails) => new CareError(`${room}.${name}`, kinds[name], details),
  });
}
