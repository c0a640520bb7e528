/**
 * Words by which a table says that it has nothing to say: one list for labels, reports, patients, sides and groups.
 */

const words = new Set([
  ...['', '-', '--', '---', '–', '—', '.', '..', '?', '_', '/'],
  ...[
    'na',
    'n/a',
    'n.a',
    '#n/a',
    '#na',
    '#n/a n/a',
    '#null!',
    '#value!',
    '#ref!',
    '#name?',
    '#div/0!',
    '#num!',
  ],
  ...['nan', '-nan', '1.#qnan', '1.#ind', 'nat', 'null', 'none', 'nil', 'undefined', 'unknown', 'missing'],
  ...[
    'not available',
    'not applicable',
    'not known',
    'not given',
    'not recorded',
    'not specified',
    'no data',
    'no value',
  ],
]);

/** What is said of a report that is not there. */
const noReport =
  /^(no|missing|without) (report|reports|text|findings section|impression section)( (is )?(available|found|present|given|provided|on file))?$|^report (is )?(not available|missing|unavailable|not found|pending)$/;

/** Whether a cell says nothing: it is blank, or one of the words that programs and people write for "not known". */
export function isNothing(cell: string): boolean {
  if (cell === '') return true;
  if (cell.length > 40) return false;
  const word = bare(cell);
  return words.has(word) || noReport.test(word);
}

/** Lower case, without brackets, quotes or a full stop around it: "<NA>", "(null)", "none.". */
function bare(cell: string): string {
  const plain = cell.trim().toLowerCase().replace(/\s+/g, ' ');
  const inner = /^[<([{"']+([^<>()[\]{}"']*)[>)\]}"']+$/.exec(plain)?.[1] ?? plain;
  return /^[-.?_/–—]+$/.test(inner) ? inner : inner.replace(/[.!]+$/, '').trim();
}
