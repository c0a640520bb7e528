/**
 * BERT's tokenizer: text is cleaned, lower-cased and split into words, and words into the longest pieces that the vocabulary has.
 * Devlin et al., BERT, 2018, https://arxiv.org/abs/1810.04805; greedy longest-match-first as in Wu et al., 2016,
 * https://arxiv.org/abs/1609.08144, section 4.1. Vocabularies of the cased kind get the words as they are written.
 */

/** The tokens that are no words, by role. */
export const specialTokens = {
  padding: '[PAD]',
  unknown: '[UNK]',
  classification: '[CLS]',
  separator: '[SEP]',
  mask: '[MASK]',
} as const;

/** What starts a piece that continues a word. */
export const continuation = '##';

/** Words longer than this many characters become [UNK]. */
const longestWord = 100;

/** One text, or a pair, as numbers. All three arrays have the same length. */
export interface Encoding {
  readonly ids: readonly number[];
  /** 0 in the first text and on padding, 1 in the second. */
  readonly tokenTypeIds: readonly number[];
  /** 1 on tokens, 0 on padding. */
  readonly attentionMask: readonly number[];
}

/** How an encoding is cut and filled. */
export interface EncodingOptions {
  readonly pair?: string;
  /** Tokens at most, the special ones included; the longer text of a pair is cut first. */
  readonly maxLength?: number;
  /** Fills up to maxLength with [PAD]. */
  readonly pad?: boolean;
}

/** A vocabulary ready for use. */
export interface Tokenizer {
  readonly vocabulary: readonly string[];
  /** The pieces of a text, without [CLS] and [SEP]. */
  tokenize(text: string): string[];
  /** [CLS] text [SEP], or [CLS] text [SEP] pair [SEP]. */
  encode(text: string, options?: EncodingOptions): Encoding;
}

/**
 * Makes a tokenizer from a vocabulary whose positions are the ids.
 * @param cased true where the vocabulary tells capitals and accents apart.
 * @throws RangeError when a special token is missing or a token stands twice.
 */
export function buildTokenizer(
  vocabulary: readonly string[],
  { cased = false }: { readonly cased?: boolean } = {},
): Tokenizer {
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  if (ids.size !== vocabulary.length) throw new RangeError('buildTokenizer: a token stands twice');
  const idOf = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined) throw new RangeError(`buildTokenizer: the vocabulary has no ${token}`);
    return id;
  };
  Object.values(specialTokens).forEach(idOf);
  const tokenize = (text: string): string[] =>
    splitSpecialTokens(text).flatMap((part) =>
      isSpecial(part) ? [part] : basicTokenize(part, cased).flatMap((word) => splitWord(word, ids)),
    );
  return {
    vocabulary,
    tokenize,
    encode: (text, options = {}) => encode(tokenize, idOf, text, options),
  };
}

const specialPattern = /(\[PAD\]|\[UNK\]|\[CLS\]|\[SEP\]|\[MASK\])/;

/** Special tokens written out in a text count as such, before lower case could hide them. */
function splitSpecialTokens(text: string): string[] {
  return text.split(specialPattern).filter((part) => part !== '');
}

function isSpecial(part: string): boolean {
  return (Object.values(specialTokens) as string[]).includes(part);
}

// Characters of ASCII that Unicode calls symbols count as punctuation too.
const punctuation = /[\p{P}$+<=>^`|~]/u;
const ideograph =
  /[\u{4E00}-\u{9FFF}\u{3400}-\u{4DBF}\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B820}-\u{2CEAF}\u{F900}-\u{FAFF}\u{2F800}-\u{2FA1F}]/u;

/**
 * Lower-case words without accents; each punctuation mark and each ideograph is a word of its own.
 * @param cased true leaves capitals and accents.
 */
export function basicTokenize(text: string, cased = false): string[] {
  const cleaned = text
    .replace(/[\t\n\r]/g, ' ')
    .replace(/[\p{C}\uFFFD]/gu, '')
    .replace(new RegExp(ideograph, 'gu'), ' $& ');
  return (cased ? cleaned : lowerCase(cleaned))
    .replace(new RegExp(punctuation, 'gu'), ' $& ')
    .split(/\p{White_Space}+/u)
    .filter((word) => word !== '');
}

/** Small letters without accents. */
function lowerCase(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{Mn}/gu, '');
  // Character by character, as the reference does: a whole string would turn the sigma that ends a word into another letter.
  return Array.from(plain, (character) => character.toLowerCase()).join('');
}

/** The longest known pieces of a word from its start; [UNK] when some part is not known. */
function splitWord(word: string, ids: ReadonlyMap<string, number>): string[] {
  const characters = [...word];
  if (characters.length > longestWord) return [specialTokens.unknown];
  const pieces: string[] = [];
  let start = 0;
  while (start < characters.length) {
    const prefix = start === 0 ? '' : continuation;
    let end = characters.length;
    while (end > start && !ids.has(prefix + characters.slice(start, end).join(''))) end--;
    if (end === start) return [specialTokens.unknown];
    pieces.push(prefix + characters.slice(start, end).join(''));
    start = end;
  }
  return pieces;
}

function encode(
  tokenize: (text: string) => string[],
  idOf: (token: string) => number,
  text: string,
  { pair, maxLength = Infinity, pad = false }: EncodingOptions,
): Encoding {
  const first = tokenize(text);
  const second = pair === undefined ? null : tokenize(pair);
  const [keepFirst, keepSecond] = shareRoom(first.length, second?.length, maxLength);
  const head = [specialTokens.classification, ...first.slice(0, keepFirst), specialTokens.separator];
  const tail = second ? [...second.slice(0, keepSecond), specialTokens.separator] : [];
  const length = head.length + tail.length;
  const padding = pad && Number.isFinite(maxLength) ? maxLength - length : 0;
  return {
    ids: [...[...head, ...tail].map(idOf), ...repeat(idOf(specialTokens.padding), padding)],
    tokenTypeIds: [...repeat(0, head.length), ...repeat(1, tail.length), ...repeat(0, padding)],
    attentionMask: [...repeat(1, length), ...repeat(0, padding)],
  };
}

/** How many tokens of each text stay: all, or the longer text is cut down to the shorter one, then both alike. */
function shareRoom(first: number, second: number | undefined, maxLength: number): [number, number] {
  const room = maxLength - (second === undefined ? 2 : 3);
  if (room < 0) throw new RangeError(`encode: maxLength ${maxLength} leaves no room for the special tokens`);
  if (second === undefined) return [Math.min(first, room), 0];
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  if (2 * shorter <= room) {
    return first > second ? [room - shorter, shorter] : [shorter, room - shorter];
  }
  const half = Math.floor(room / 2);
  return first > second ? [room - half, half] : [half, room - half];
}

function repeat(value: number, count: number): number[] {
  return new Array<number>(Math.max(0, count)).fill(value);
}
