/**
 * SentencePiece's unigram tokenizer: a text is cut into those pieces of a vocabulary whose scores, their log-probabilities, have the
 * highest sum. Kudo, Subword Regularization, 2018, https://arxiv.org/abs/1804.10959, section 3.2; Kudo and Richardson, SentencePiece, 2018,
 * https://arxiv.org/abs/1808.06226. The lite Universal Sentence Encoder (Cer et al., 2018, https://arxiv.org/abs/1803.11175) reads texts so:
 * ids are places in its vocabulary, and the first six entries stand for no text. Its own tokenizer gives the same ids but for texts that
 * begin with a colon, where it takes a sum of 0 for none, and for white space, of which it knows single spaces alone.
 */

/** A piece of text with its score. The character "▁" stands for a space; words begin with it. */
export type ScoredPiece = readonly [piece: string, score: number];

/** Entries at the start of the vocabulary that no text is cut into: the unknown, the ends of a sentence, and three that are free. */
export const reservedPieces = 6;

/** The id of what the vocabulary has no piece for. */
export const unknownPiece = 0;

/** What stands for a space. */
const space = '▁';

/** How much less likely than the rarest piece an unknown character is, as in SentencePiece: it is taken only where nothing else fits. */
const unknownPenalty = 10;

/** A part of a text and the id of its piece. */
export interface Segment {
  readonly text: string;
  readonly id: number;
}

/** A vocabulary ready for use. */
export interface UnigramTokenizer {
  /** The pieces of a text; characters that no piece holds are unknown, a run of them is one segment. Joined, they are the normalised text. */
  readonly split: (text: string) => Segment[];
  /** The ids of the pieces; none for a text without characters. */
  readonly encode: (text: string) => number[];
}

/** A text as the pieces see it: NFKC, with "▁" for each stretch of white space and one in front; "" where nothing but white space is. */
export function normalisePieces(text: string): string {
  const words = text
    .normalize('NFKC')
    .split(/\p{White_Space}+/u)
    .filter((word) => word !== '');
  return words.map((word) => space + word).join('');
}

/** Makes a tokenizer. @param vocabulary pieces by id, none of them empty; of equal pieces the last counts. */
export function buildUnigramTokenizer(vocabulary: readonly ScoredPiece[]): UnigramTokenizer {
  const root = trieOf(vocabulary);
  const scores = vocabulary.slice(reservedPieces).map(([, score]) => score);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), 0) - unknownPenalty;
  const split = (text: string): Segment[] =>
    withRunsMerged(likeliest(Array.from(normalisePieces(text)), root, unknownScore));
  return { split, encode: (text) => split(text).map(({ id }) => id) };
}

/** All pieces, character by character. */
interface TrieNode {
  readonly next: Map<string, TrieNode>;
  piece: { readonly id: number; readonly score: number } | null;
}

function trieOf(vocabulary: readonly ScoredPiece[]): TrieNode {
  const root: TrieNode = { next: new Map(), piece: null };
  for (const [id, [piece, score]] of vocabulary.entries()) {
    if (id < reservedPieces) continue;
    let node = root;
    for (const character of piece) {
      const known = node.next.get(character);
      const next: TrieNode = known ?? { next: new Map(), piece: null };
      if (!known) node.next.set(character, next);
      node = next;
    }
    node.piece = { id, score };
  }
  return root;
}

/**
 * The cut with the highest sum of scores (Viterbi): the best way to each place is known before any way leads on from it. Of ways of equal
 * worth the one with the shorter last piece is taken.
 */
function likeliest(characters: readonly string[], root: TrieNode, unknownScore: number): Segment[] {
  const count = characters.length;
  const best = new Float64Array(count + 1).fill(-Infinity);
  const from = new Int32Array(count + 1);
  const ids = new Int32Array(count + 1);
  const offer = (start: number, end: number, id: number, score: number): void => {
    const sum = best[start]! + score;
    if (sum < best[end]!) return;
    best[end] = sum;
    from[end] = start;
    ids[end] = id;
  };
  best[0] = 0;
  for (let start = 0; start < count; start++) {
    let node = root.next.get(characters[start]!);
    if (!node?.piece) offer(start, start + 1, unknownPiece, unknownScore);
    for (let end = start + 1; node; end++) {
      if (node.piece) offer(start, end, node.piece.id, node.piece.score);
      node = node.next.get(characters[end] ?? '');
    }
  }
  const segments: Segment[] = [];
  for (let end = count; end > 0; end = from[end]!) {
    segments.push({ text: characters.slice(from[end], end).join(''), id: ids[end]! });
  }
  return segments.reverse();
}

function withRunsMerged(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last?.id === unknownPiece && segment.id === unknownPiece)
      merged[merged.length - 1] = { id: unknownPiece, text: last.text + segment.text };
    else merged.push(segment);
  }
  return merged;
}
