/**
 * A vocabulary for the tiny BERT of the reference folder, which has 100 tokens and no words of its own.
 */

/**
 * Words "w0" to "w99" by id, with the special tokens in the places of some: [PAD] at 0, as in the reference, [UNK] and [MASK] at the end.
 * @param classification the id of [CLS]. @param separator the id of [SEP].
 */
export function tinyBertVocabulary(
  classification: number,
  separator: number,
  words: Readonly<Record<number, string>> = {},
): string[] {
  const special: Readonly<Record<number, string>> = {
    0: '[PAD]',
    96: '[UNK]',
    97: '[MASK]',
    [classification]: '[CLS]',
    [separator]: '[SEP]',
  };
  return Array.from({ length: 100 }, (_, id) => special[id] ?? words[id] ?? `w${id}`);
}
