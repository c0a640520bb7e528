/**
 * The vocabulary beside a person's text graph: vocab.json, a list of SentencePiece's pieces, each with its score.
 */
import { InputError } from '../../errors.ts';
import { reservedPieces, type ScoredPiece } from '../text/sentencepiece-unigram.ts';

const wanted = 'a list of pieces, each with its score, as ["▁the", -3.57]';
const whereItLies = 'Choose the vocab.json that lies in the model’s folder, beside model.json.';

/**
 * Pieces by id.
 * @throws InputError naming the first entry that is no piece with its score.
 */
export function parsePieces(text: string, fileName: string): readonly ScoredPiece[] {
  const entries = parseJson(text, fileName);
  if (!Array.isArray(entries))
    throw new InputError(
      `${fileName} is not the vocabulary of a text graph: it should be ${wanted}. ${whereItLies}`,
    );
  if (entries.length <= reservedPieces)
    throw new InputError(
      `${fileName} has ${entries.length} entries, but the first ${reservedPieces} of a vocabulary stand for no text, so there are no pieces in it. ${whereItLies}`,
    );
  return entries.map((entry: unknown, id) => {
    const piece = pieceOf(entry, id);
    if (piece) return piece;
    throw new InputError(
      `${fileName}, entry ${id + 1} of ${entries.length}: expected a piece with its score, as ["▁the", -3.57], but there is ${shortened(entry)}. ${whereItLies}`,
    );
  });
}

function pieceOf(entry: unknown, id: number): ScoredPiece | null {
  if (!Array.isArray(entry) || entry.length !== 2) return null;
  const [piece, score] = entry as [unknown, unknown];
  if (typeof piece !== 'string' || (piece === '' && id >= reservedPieces)) return null;
  // The published file has lost the scores of some pieces with a colon; its own tokenizer adds null up as 0.
  if (score === null) return [piece, 0];
  return typeof score === 'number' && Number.isFinite(score) ? [piece, score] : null;
}

function shortened(entry: unknown): string {
  const json = JSON.stringify(entry);
  return json.length > 40 ? `${json.slice(0, 40)} …` : json;
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${fileName} is not JSON: ${(error as Error).message}. A text graph’s vocabulary is ${wanted}. ${whereItLies}`,
    );
  }
}
