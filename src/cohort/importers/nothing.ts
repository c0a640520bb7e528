/**
 * Words that mean "no value" in a table: one list for labels, reports, patients, sides and groups.
 */

const words = new Set([
  ...'na n/a n.a #n/a #na nan -nan nat null none nil undefined unknown missing'.split(' '),
  // What spreadsheets and old C libraries write for an error, without the mark at its end.
  ...'#null #value #ref #name? #div/0 #num 1.#qnan 1.#ind'.split(' '),
  // NULL as MySQL, PostgreSQL and Hive write it into text.
  '\\n',
  ...'not available,not applicable,not known,not given,not recorded,not specified,no data,no value'.split(
    ',',
  ),
  ...'unbekannt,k.a,keine angabe,desconocido,no disponible,sin datos,desconhecido,não informado,inconnu,non disponible,non renseigné,sconosciuto,onbekend'.split(
    ',',
  ),
]);

/** Lines and dots, and the missing values of Stata and SAS, which are a dot and a letter: "___", "...", ".a". */
const signs = /^(?:[-.?_/–—]+|\.[a-z])$/;

/** What is said of a report that is not there. */
const noReport =
  /^(no|missing|without) (report|reports|text|findings section|impression section)( (is )?(available|found|present|given|provided|on file))?$|^report (is )?(not available|missing|unavailable|not found|pending)$/;

/** Whether a cell says nothing: it is blank, or one of the words that programs and people write for "not known". */
export function isNothing(cell: string): boolean {
  if (cell === '') return true;
  if (cell.length > longest) return false;
  const known = judged.get(cell);
  if (known !== undefined) return known;
  const word = bare(cell);
  const says = words.has(word) || signs.test(word) || noReport.test(word);
  if (judged.size >= mostJudged) judged.clear();
  judged.set(cell, says);
  return says;
}

/** Longer cells always count as a value. */
const longest = 40;

/** Cache of cells that were judged before, because a column of a million rows holds few different words. */
const judged = new Map<string, boolean>();
const mostJudged = 4096;

/** Lower case, without brackets, quotes or a full stop around it: "<NA>", "(null)", "none.". */
function bare(cell: string): string {
  const plain = cell.trim().toLowerCase().replace(/\s+/g, ' ');
  const inner = /^[<([{"']+([^<>()[\]{}"']*)[>)\]}"']+$/.exec(plain)?.[1] ?? plain;
  return signs.test(inner) ? inner : inner.replace(/[.!]+$/, '').trim();
}
