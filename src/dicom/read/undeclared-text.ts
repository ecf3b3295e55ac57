// Text whose character set is not declared, or wrongly: the set is told from the letters that come out. Vietnamese is written in syllables of few
// forms, so that bytes of one set, read by another, hardly ever make one.

/** Bytes 0x80 to 0xFF of VISCII (RFC 1456) and of TCVN 5712:1993, which the ABC fonts use. */
const VISCII =
  'ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ';
const TCVN =
  'ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00A0ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ';

const byTable =
  (table: string) =>
  (bytes: Uint8Array): string =>
    [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : table[byte - 0x80])).join('');
const byLabel =
  (label: string) =>
  (bytes: Uint8Array): string =>
    new TextDecoder(label).decode(bytes);

const LATIN = byLabel('windows-1252');
/** In the order in which they are tried: what several sets read as Vietnamese is most often Latin. */
const SETS = [LATIN, byLabel('windows-1258'), byTable(VISCII), byTable(TCVN)];

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const SYLLABLE =
  /^(?:b|ch?|d|đ|g[hi]?|h|kh?|l|m|n|ngh?|nh|ph?|q|r|s|th?|tr|v|x)?(?:[aăâeêioôơuưy]|a[iouy]|â[uy]|e[o]|ê[u]|i[aêu]|o[aăeio]|ôi|ơi|u[aâêiôơy]|ư[aiơu]|yê|iêu|yêu|oa[ioy]|oeo|ua[oy]|uây|uôi|uy[aêu]|ươ[iu])(?:c|ch|m|n|ng|nh|p|t)?$/u;

/** Written as names are: all large, all small, or with a large first letter; one tone at most. */
function isSyllable(word: string): boolean {
  const lower = word.toLowerCase();
  const [first = '', ...rest] = word;
  const isCased = word === lower || word === word.toUpperCase() || rest.join('') === lower.slice(first.length);
  const parts = lower.normalize('NFD');
  const toneless = parts.replace(TONES, '').normalize('NFC');
  return isCased && (parts.match(TONES)?.length ?? 0) <= 1 && SYLLABLE.test(toneless);
}

const MARKED = /[^\p{ASCII}]/u;
const markedWords = (text: string): readonly string[] =>
  text.split(/[\p{ASCII}&&\P{L}]+/v).filter((word) => MARKED.test(word));

/** Undefined where no set makes words of the bytes: they are not guessed then. */
export function guessedText(bytes: Uint8Array): string | undefined {
  const readings = SETS.map((read) => read(bytes).normalize('NFC'));
  const vietnamese = readings.find((text) => markedWords(text).every(isSyllable));
  if (vietnamese !== undefined) return vietnamese;
  const [latin = ''] = readings;
  return markedWords(latin).every((word) => /^\p{L}\p{Ll}*$|^\p{Lu}+$/u.test(word)) ? latin : undefined;
}

const CHARACTER_TO_BYTE = new Map(
  [...LATIN(Uint8Array.from({ length: 256 }, (_, byte) => byte))].map((character, byte) => [character, byte]),
);

/** UTF-8 that a program took for Latin letters and wrote as UTF-8 once more (`Nguyá»…n`) → what it was; any other text as it is. */
export function withoutSecondEncoding(text: string): string {
  if (!MARKED.test(text)) return text;
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const byte = code < 0x100 ? code : CHARACTER_TO_BYTE.get(character);
    if (byte === undefined) return text;
    bytes.push(byte);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}
