/**
 * The words that state a label in an English report: the label's own, and the synonyms that radiologists write for common findings.
 *
 * A term is one or more words that must all stand in one clause, in any order; a trailing * stands for any ending, and a plural s or es is
 * taken for granted.
 */

/** Findings and courses by the words that name them in labels; each with the terms that state it. Written for this project. */
const concepts: readonly { readonly names: readonly string[]; readonly terms: readonly string[] }[] = [
  {
    names: ['effusion', 'effusions', 'hydrothorax'],
    terms: ['effusion', 'pleural fluid', 'hydrothorax'],
  },
  {
    names: ['cardiomegaly', 'enlarged'],
    terms: [
      'cardiomegal*',
      'heart enlarg*',
      'cardiac enlarg*',
      'cardiac silhouette enlarg*',
      'cardiomediastinal enlarg*',
      'heart large',
      'cardiothoracic ratio increased',
    ],
  },
  { names: ['pneumothorax', 'pneumothoraces', 'ptx'], terms: ['pneumothora*', 'hydropneumothora*'] },
  {
    names: ['consolidation', 'consolidations'],
    terms: ['consolidat*', 'airspace disease', 'air space disease', 'air-space disease'],
  },
  {
    names: ['opacity', 'opacities', 'opacification', 'infiltrate', 'infiltration', 'infiltrates'],
    terms: ['opacit*', 'opacification', 'infiltrat*', 'airspace disease', 'density', 'densities'],
  },
  { names: ['atelectasis', 'atelectases', 'collapse'], terms: ['atelecta*', 'collaps*', 'volume loss'] },
  {
    names: ['edema', 'oedema', 'congestion', 'congestive', 'chf'],
    terms: [
      'edema',
      'oedema',
      'congest*',
      'vascular prominen*',
      'cephalization',
      'kerley',
      'vascular engorge*',
      'fluid overload',
      'heart failure',
    ],
  },
  {
    names: ['nodule', 'nodules', 'nodular', 'mass', 'masses'],
    terms: ['nodul*', 'mass', 'masses', 'mass-like', 'masslike', 'tumor', 'tumour'],
  },
  { names: ['fracture', 'fractures', 'fractured'], terms: ['fracture*'] },
  { names: ['pneumonia', 'pneumonias', 'pneumonitis'], terms: ['pneumoni*', 'bronchopneumoni*'] },
  {
    names: ['covid', 'covid19', 'covid-19', 'sars', 'coronavirus'],
    terms: ['covid', 'covid-19', 'covid19', 'coronavirus', 'sars-cov-2', '2019-ncov', 'ncov'],
  },
  {
    names: ['icu', 'icu_admission', 'intensive'],
    terms: ['icu', 'intensive care', 'critical care', 'micu', 'sicu'],
  },
  {
    names: ['intubation', 'intubated', 'ventilated', 'ventilation'],
    terms: ['intubat*', 'endotracheal', 'ett', 'mechanical* ventilat*', 'ventilator'],
  },
  { names: ['extubation', 'extubated'], terms: ['extubat*'] },
  {
    names: ['died', 'death', 'dead', 'mortality', 'deceased'],
    terms: ['died', 'death', 'deceased', 'expired', 'passed away'],
  },
  { names: ['ards'], terms: ['ards', 'respiratory distress syndrome'] },
  {
    names: ['emphysema', 'copd'],
    terms: ['emphysem*', 'copd', 'hyperinflat*', 'hyperexpan*', 'chronic obstructive'],
  },
  { names: ['granuloma', 'granulomas'], terms: ['granuloma*'] },
  { names: ['hernia', 'hernias'], terms: ['hernia*'] },
  { names: ['o2', 'oxygen'], terms: ['oxygen', 'o2', 'nasal cannula'] },
  { names: ['readmission', 'readmitted'], terms: ['readmission', 'readmitted', 're-admitted'] },
  {
    names: ['device', 'devices'],
    terms: [
      'pacemaker',
      'pacer',
      'defibrillator',
      'icd',
      'catheter',
      'picc',
      'port',
      'tube',
      'clip',
      'wire',
      'sternotomy',
      'valve',
      'prosthe*',
      'hardware',
      'stent',
    ],
  },
];

/** Words of a label without a meaning of their own: prefixes of tables, kinds of label, places, spans of time. */
const genericWords: ReadonlySet<string> = new Set(
  (
    'dx st pg lbl label diag diagnosis diagnostic prog prognosis outcome finding findings any no not normal abnormal present absent ' +
    'positive negative status flag is has had in at on of the and or with within went needed need admission admitted admit chest lung lungs ' +
    'pleural pulmonary cardiac thoracic left right bilateral other new acute disease month months day days year years week weeks'
  ).split(' '),
);

/**
 * The terms that state a label; empty when its name yields none ("normal", "y"). Known words of the label bring their synonyms; without one,
 * what is left of the name must stand in one clause whole ("dx_aortic_aneurysm": "aortic aneurysm").
 */
export function termsOf(label: string): readonly string[] {
  const words = wordsOfLabel(label);
  const known = concepts.filter(({ names }) => names.some((name) => words.includes(name)));
  if (known.length > 0) return [...new Set(known.flatMap(({ terms }) => terms))];
  const own = words.filter((word) => !genericWords.has(word) && !/^\d+[a-z]?$/.test(word) && word.length > 1);
  return own.length > 0 ? [own.join(' ')] : [];
}

/** "dx_covid19" → dx, covid19; "PleuralEffusion" → pleural, effusion. */
function wordsOfLabel(label: string): string[] {
  return label
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u)
    .flatMap((word) => (concepts.some(({ names }) => names.includes(word)) ? [word] : word.split('-')))
    .filter(Boolean);
}
