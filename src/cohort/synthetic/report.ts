/**
 * Writes a radiologist's report from what was decided to be said: sections, templates, synonyms.
 *
 * The words contain no more information than the statements: neutral sentences are drawn independently of the truth, and the impression
 * only sums up the findings section.
 */
import type { Random } from '../../random/random.ts';
import type { SyntheticPatient } from './patient.ts';
import {
  airspaceImpressions,
  airspacePhrases,
  distractorPhrases,
  findingPhrases,
  indicationPhrases,
  outcomePhrases,
} from './phrases.ts';
import type { FindingStatement, Statements } from './statements.ts';

/** How sections are laid out. */
const layouts = ['full', 'numbered', 'short'] as const;

/**
 * Writes the report of one film.
 *
 * @param film index of the film among the patient's films, from 0; later films have an earlier one to be compared with.
 */
export function writeReport(
  patient: SyntheticPatient,
  view: 'PA' | 'AP',
  film: number,
  statements: Statements,
  random: Random,
): string {
  const layout = random.pick(layouts);
  const findings = writeFindings(patient, statements, random);
  const impression = writeImpression(statements, random);
  const sections = [
    `EXAMINATION: ${writeExamination(view, random)}`,
    layout === 'short' ? '' : `INDICATION: ${writeIndication(patient, random)}`,
    layout === 'short'
      ? ''
      : `COMPARISON: ${film === 0 ? random.pick(['None.', 'None available.']) : 'Earlier chest radiograph of this patient.'}`,
    `FINDINGS: ${findings.join(' ')}`,
    `IMPRESSION: ${layout === 'numbered' ? numbered(impression) : impression.join(' ')}`,
  ];
  return sections.filter(Boolean).join('\n');
}

function writeExamination(view: 'PA' | 'AP', random: Random): string {
  return view === 'PA'
    ? random.pick(['Chest radiograph, PA view.', 'PA chest radiograph, standing.', 'X-ray of the chest, PA.'])
    : random.pick(['Chest radiograph, AP view.', 'Portable AP chest radiograph.', 'AP chest, bedside.']);
}

function writeIndication(patient: SyntheticPatient, random: Random): string {
  const person = patient.sex === 'female' ? 'woman' : 'man';
  return `${patient.age}-year-old ${person}. ${random.pick(indicationPhrases)}`;
}

function writeFindings(patient: SyntheticPatient, statements: Statements, random: Random): string[] {
  const said = statements.findings.map((statement) => writeFinding(statement, random));
  if (statements.airspaceGrade !== null) said.push(random.pick(airspacePhrases[statements.airspaceGrade]!));
  said.push(...random.shuffled(distractorPhrases).slice(0, 1 + random.integer(3)));
  if (patient.device === 'pacemaker') said.push('Left-sided pacemaker with its lead in the right ventricle.');
  if (patient.device === 'port')
    said.push('Right-sided port catheter with its tip in the superior vena cava.');
  return random.shuffled(said);
}

function writeFinding(statement: FindingStatement, random: Random): string {
  const phrases = findingPhrases[statement.finding];
  const graded = statement.kind === 'present' && statement.grade !== null;
  const phrase = random.pick(graded ? phrases.graded : phrases[statement.kind]);
  return fill(phrase, statement, random);
}

/** Affirmed findings, hedged ones as possible, the grade of airspace opacity, the outcome where stated; a neutral sentence when nothing is left. */
function writeImpression(statements: Statements, random: Random): string[] {
  const lines = statements.findings
    .filter(({ kind }) => kind !== 'absent')
    .map((statement) => {
      const noun = fill(random.pick(findingPhrases[statement.finding].impression), statement, random);
      return sentence(statement.kind === 'hedged' ? `possible ${noun}` : noun);
    });
  if (statements.airspaceGrade !== null)
    lines.push(sentence(random.pick(airspaceImpressions[statements.airspaceGrade]!)));
  const denied = statements.findings.filter(({ kind }) => kind === 'absent').length;
  if (lines.length === 0)
    lines.push(
      denied > 0
        ? random.pick([
            'None of the findings looked for is present.',
            'Findings as described, without the above abnormalities.',
          ])
        : random.pick([
            'Findings as described above.',
            'Please correlate with the clinical picture.',
            'See findings.',
          ]),
    );
  if (statements.icuAdmission !== null) lines.push(random.pick(outcomePhrases[statements.icuAdmission]));
  return lines;
}

/** Puts the words for side and grade into a phrase. */
function fill(phrase: string, statement: FindingStatement, random: Random): string {
  const { grades } = findingPhrases[statement.finding];
  const grade = statement.grade === null ? '' : random.pick(grades[statement.grade]!);
  const side = statement.side === 'both' ? 'bilateral' : statement.side;
  const filled = phrase
    .replace('{grade}', grade)
    .replace('{Grade}', grade)
    .replace('{adverb}', adverbs[grade] ?? grade)
    .replace(
      '{side} costophrenic angle',
      side === 'bilateral' ? 'costophrenic angles on both sides' : `${side} costophrenic angle`,
    )
    .replace(/\{side\}/i, side)
    .replace(/\ba (?=18)/, 'an ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

const adverbs: Readonly<Record<string, string>> = {
  borderline: 'borderline',
  mild: 'mildly',
  moderate: 'moderately',
  marked: 'markedly',
  severe: 'severely',
};

function sentence(text: string): string {
  const lower = text.startsWith('possible') ? text.toLowerCase() : text;
  return `${lower.charAt(0).toUpperCase()}${lower.slice(1)}.`;
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, i) => `${i + 1}. ${line}`).join(' ');
}
