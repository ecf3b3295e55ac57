// Takes padding off the end of a text in one pass: the pattern `/x+$/` starts anew at every x, which is quadratic on a long run inside a text.

/** `characters`: each one that may be taken off. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
