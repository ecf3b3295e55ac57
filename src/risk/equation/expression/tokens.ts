// Splits the text of an expression into tokens, each with its place for error messages.
import { riskErrors } from '#risk/errors.ts';

export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const PATTERN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|"(?<text>[^"]*)"|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<symbol><=|>=|!=|[-+*/^()<>=,]))/y;

/** Throws CareError `risk.bad-expression` at the first character that no token begins with. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (match?.groups === undefined) {
      throw riskErrors.error('bad-expression', { reason: `unexpected character at ${at} of: ${text}` });
    }
    const { number, text: quoted, name, symbol } = match.groups;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at });
    at = PATTERN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}
