/**
 * Does a report state a label in words? A term counts where no word before it in the same clause denies it, and none right after it
 * does. English reports only.
 *
 * The rule is NegEx's in short: Chapman, Bridewell, Hanbury, Cooper and Buchanan, "A simple algorithm for identifying negated findings and
 * diseases in discharge summaries", J. Biomed. Inform. 34, 2001, https://doi.org/10.1006/jbin.2001.1029; here a cue reaches to the end
 * of the clause rather than over five words. What is hedged ("may represent effusion") is not denied, and counts.
 */

/** A report as the words of its clauses; made once, asked for many labels. */
export type Clauses = readonly (readonly string[])[];

/** Phrases that look like a denial of the finding but are not; removed before cues are searched for. */
const pseudoCues = new RegExp(
  [
    '\\b(?:no|without)(?: (?:significant|interval|appreciable|substantial|other|definite))* changes?\\b',
    '\\b(?:no|without)(?: (?:significant|interval))* (?:increase|decrease)\\b',
    '\\b(?:cannot|can not|could not|not)(?: be)?(?: entirely| completely| definitely)? (?:excluded?|ruled? out)\\b',
    '\\bnot only\\b',
  ].join('|'),
  'g',
);

/** Where a denial ends before the sentence does. */
const terminations =
  /\b(?:but|however|nevertheless|yet|though|although|except|aside from|apart from|otherwise|there is|there are)\b/;

/** Before the finding: it is denied, or only asked for. */
const cuesBefore = phrases(
  'no|not|non|without|w/o|denies|denied|deny|negative|free|absence|absent|neither|nor|never|none|lack|lacks|lacking|clear of|resolution|' +
    'resolved|cleared|exclude|excludes|excluding|rule out|ruled out|r/o|evaluate for|evaluation for|evaluation of|assess for|assessment for|' +
    'query|question of|rather than',
);

/** After the finding, in its clause. */
const cuesAfter = phrases(
  'not seen|not present|not identified|not evident|not visualized|not demonstrated|not appreciated|absent|resolved|cleared|excluded|' +
    'ruled out|unlikely|none|negative|within normal limits|limits of normal',
);

/** The clauses of a report: sentences and lines, cut where a word such as "but" ends a denial; words in lower case. */
export function clausesOf(report: string): Clauses {
  return report
    .toLowerCase()
    .replace(/(\d)\.(?=\d)/g, '$1') // "1.5 cm" is no end of a sentence
    .split(/[.;!?\n]+/)
    .flatMap((sentence) => sentence.replace(pseudoCues, ' ').split(terminations))
    .map((clause) => clause.match(/[\p{L}\p{N}]+(?:[-/][\p{L}\p{N}]+)*/gu) ?? [])
    .filter((words) => words.length > 0);
}

/** A test of whether any clause holds one of the terms and does not deny it. @param terms as `termsOf` gives them. */
export function statementOf(terms: readonly string[]): (clauses: Clauses) => boolean {
  const patterns = terms.map((term) => term.split(' ').map(matcherOf));
  return (clauses) => clauses.some((clause) => patterns.some((pattern) => affirms(clause, pattern)));
}

type Matcher = (word: string) => boolean;

function matcherOf(word: string): Matcher {
  if (!word.endsWith('*')) return (other) => other === word || other === `${word}s` || other === `${word}es`;
  const stem = word.slice(0, -1);
  return (other) => other.startsWith(stem);
}

function affirms(clause: readonly string[], pattern: readonly Matcher[]): boolean {
  let last = -1;
  for (const matches of pattern) {
    const place = clause.findIndex(matches);
    if (place < 0) return false;
    last = Math.max(last, place);
  }
  return !holds(clause.slice(0, last), cuesBefore) && !holds(clause.slice(last + 1), cuesAfter);
}

function phrases(listed: string): readonly (readonly string[])[] {
  return listed.split('|').map((phrase) => phrase.split(' '));
}

function holds(words: readonly string[], cues: readonly (readonly string[])[]): boolean {
  return words.some((_, start) => cues.some((cue) => cue.every((word, i) => words[start + i] === word)));
}
