/**
 * The vocabulary beside a person's BERT: vocab.txt, one token per line, or vocab.json, a list of tokens or an object from tokens to ids.
 */
import { continuation, specialTokens } from '../../cohort/tokenizer.ts';
import { InputError } from '../../errors.ts';

/** What starts a word in vocabularies of SentencePiece's kind, where BERT marks the pieces that go on. */
const wordStart = '▁';

/** Whether a file's name is that of a vocabulary. */
export function isVocabularyName(name: string): boolean {
  return /vocab[^/]*\.(txt|json)$/i.test(name);
}

/**
 * Tokens by id.
 * @throws InputError when the file is no vocabulary, skips an id, has a token twice, or lacks one of BERT's special tokens.
 */
export function parseVocabulary(text: string, fileName: string): readonly string[] {
  const tokens = /\.json$/i.test(fileName) ? parseJsonTokens(text, fileName) : linesOf(text);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (ids.size < tokens.length) {
    const id = tokens.findIndex((token, i) => ids.get(token) !== i);
    throw new InputError(
      `${fileName} has the token "${tokens[id]}" twice, with the ids ${id} and ${ids.get(tokens[id]!)}. Take the file from the model’s folder again.`,
    );
  }
  const missing = Object.values(specialTokens).filter((token) => !ids.has(token));
  if (missing.length > 0) {
    throw new InputError(
      `${fileName} has ${tokens.length} tokens, but not ${missing.join(', ')}, so it is not the vocabulary of a BERT. Choose the vocab.txt that stands beside the weights.`,
    );
  }
  return tokens;
}

/** The share of tokens with capitals above which a vocabulary is a cased one; cased ones have far more. */
const leastCapitals = 0.01;

/**
 * Whether a vocabulary tells capitals from small letters, so that reports must not be lower-cased before it. A few tokens with capitals
 * that somebody added to a vocabulary of small letters do not count: each word with a capital would be unknown to it.
 */
export function isCased(vocabulary: readonly string[]): boolean {
  const words = vocabulary.filter((token) => !/^\[.*\]$/.test(token));
  const capitals = words.filter((token) => token !== token.toLowerCase());
  return capitals.length > words.length * leastCapitals;
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function parseJsonTokens(text: string, fileName: string): string[] {
  const value = parseJson(text, fileName);
  if (Array.isArray(value) && value.every((token) => typeof token === 'string')) return asBert(value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return byId(value, fileName);
  throw new InputError(
    `${fileName} is not the vocabulary of a BERT: it should be a list of tokens, or an object from tokens to ids.`,
  );
}

function byId(ids: object, fileName: string): string[] {
  const entries: [string, unknown][] = Object.entries(ids);
  const tokens = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [token, id] of entries) {
    if (typeof id !== 'number' || !(id in tokens) || tokens[id] !== undefined) {
      throw new InputError(
        `${fileName} gives the token "${token}" the id ${String(id)}; its ${entries.length} tokens should have the ids 0 to ${entries.length - 1}, each once.`,
      );
    }
    tokens[id] = token;
  }
  return tokens as string[];
}

/** Marks pieces as BERT does where a list marks the starts of words instead. */
function asBert(tokens: readonly string[]): string[] {
  const marksStarts = tokens.some((token) => token.length > 1 && token.startsWith(wordStart));
  const marksRest = tokens.some((token) => token.length > 2 && token.startsWith(continuation));
  if (!marksStarts || marksRest) return [...tokens];
  return tokens.map((token) => {
    if (token === wordStart || /^\[[^\]]+\]$/.test(token)) return token;
    return token.startsWith(wordStart) ? token.slice(1) : continuation + token;
  });
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${fileName} is not JSON: ${(error as Error).message}. Take it from the model’s folder again.`,
    );
  }
}
