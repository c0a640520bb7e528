/**
 * The reports that lie nearest to a film, as the panel words them.
 */
import type { FilmNeighbours } from '../../pretraining/signals.ts';
import { formatCount } from '../../figures/number-words.ts';

/** Where a film's own report came among those compared. */
export function ownRankSentence({ ownRank, compared }: Pick<FilmNeighbours, 'ownRank' | 'compared'>): string {
  return `Its own report is ${ordinal(ownRank)} of ${formatCount(compared)} compared.`;
}

/** Headings under which a report describes what was seen; the text before them is much the same in most reports. */
const findingsHeading = /\b(findings|impression|befund|beurteilung)\s*:\s*/i;

/** The beginning of what a report says was seen, on one line. @param length characters at most. */
export function reportOpening(report: string, length = 120): string {
  const heading = findingsHeading.exec(report);
  const seen = heading ? report.slice(heading.index + heading[0].length) : report;
  const line = (seen.trim() === '' ? report : seen).trim().replace(/\s+/g, ' ');
  if (line.length <= length) return line;
  const cut = line.slice(0, length);
  const end = cut.lastIndexOf(' ');
  return `${end > 0 ? cut.slice(0, end) : cut} …`;
}

/** "1st", "2nd", "11th". */
export function ordinal(place: number): string {
  const teens = place % 100 >= 11 && place % 100 <= 13;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${formatCount(place)}${ending}`;
}
