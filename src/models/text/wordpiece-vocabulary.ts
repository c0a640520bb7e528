/**
 * Learns a WordPiece vocabulary from reports by merging the most frequent neighbours, one pair at a time, as in byte-pair encoding
 * (Sennrich et al., 2015, https://arxiv.org/abs/1508.07909, algorithm 1) with BERT's "##" on pieces that continue a word.
 */
import { basicTokenize, continuation, specialTokens } from '../../cohort/tokenizer.ts';

interface Word {
  pieces: string[];
  readonly count: number;
}

/** A pair of neighbouring pieces and the words it was seen in. */
interface Pair {
  readonly left: string;
  readonly right: string;
  count: number;
  readonly words: Set<Word>;
}

/**
 * The special tokens, then single characters, then merged pieces in the order of their making, `size` tokens at most. Equal texts give
 * equal vocabularies whatever the order of the texts: ties go to the pair that comes first by code point.
 * @param minimumCount a pair must be seen this often to be merged, and a character to be kept.
 */
export function learnWordPieceVocabulary(texts: readonly string[], size: number, minimumCount = 2): string[] {
  const words = countWords(texts);
  const characters = countPieces(words).filter(([, count]) => count >= minimumCount);
  const vocabulary = [...Object.values(specialTokens), ...characters.map(([piece]) => piece)].slice(0, size);
  const known = new Set<string>(vocabulary);
  const pairs = new Map<string, Pair>();
  for (const word of words) addPairs(pairs, word);
  while (vocabulary.length < size) {
    const best = mostFrequent(pairs);
    if (!best || best.count < minimumCount) break;
    const piece = best.left + best.right.slice(continuation.length);
    if (!known.has(piece)) vocabulary.push(piece);
    known.add(piece);
    mergeEverywhere(pairs, best, piece);
  }
  return vocabulary;
}

function countWords(texts: readonly string[]): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of basicTokenize(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({ pieces: toPieces(word), count }));
}

function toPieces(word: string): string[] {
  return [...word].map((character, i) => (i === 0 ? character : continuation + character));
}

/** Single pieces, the most frequent first, ties by code point. */
function countPieces(words: readonly Word[]): [piece: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { pieces, count } of words) {
    for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + count);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function pairKey(left: string, right: string): string {
  return `${left} ${right}`;
}

function addPairs(pairs: Map<string, Pair>, word: Word): void {
  for (let i = 0; i + 1 < word.pieces.length; i++) {
    const [left, right] = [word.pieces[i]!, word.pieces[i + 1]!];
    const key = pairKey(left, right);
    const pair = pairs.get(key) ?? { left, right, count: 0, words: new Set<Word>() };
    pair.count += word.count;
    pair.words.add(word);
    pairs.set(key, pair);
  }
}

function removePairs(pairs: Map<string, Pair>, word: Word): void {
  for (let i = 0; i + 1 < word.pieces.length; i++) {
    const key = pairKey(word.pieces[i]!, word.pieces[i + 1]!);
    const pair = pairs.get(key);
    if (!pair) continue;
    pair.count -= word.count;
    pair.words.delete(word);
    if (pair.count <= 0) pairs.delete(key);
  }
}

function mostFrequent(pairs: ReadonlyMap<string, Pair>): Pair | undefined {
  let best: Pair | undefined;
  let bestKey = '';
  for (const [key, pair] of pairs) {
    if (best && (pair.count < best.count || (pair.count === best.count && key > bestKey))) continue;
    [best, bestKey] = [pair, key];
  }
  return best;
}

/** Puts the merged piece in place of the pair in each word that has it; only those words' pairs are counted anew. */
function mergeEverywhere(pairs: Map<string, Pair>, { left, right, words }: Pair, piece: string): void {
  for (const word of [...words]) {
    removePairs(pairs, word);
    const merged: string[] = [];
    for (let i = 0; i < word.pieces.length; i++) {
      const here = word.pieces[i] === left && word.pieces[i + 1] === right;
      merged.push(here ? piece : word.pieces[i]!);
      if (here) i++;
    }
    word.pieces = merged;
    addPairs(pairs, word);
  }
}
