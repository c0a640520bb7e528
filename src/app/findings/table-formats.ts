/**
 * Tables as Markdown and as LaTeX (booktabs), every cell escaped so that it is read as it stands. CSV is in csv.ts.
 */

/** A table as people read it. */
export interface TextTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** A table in GitHub's Markdown, its caption in bold before it. */
export function markdownOf({ caption, head, lines }: TextTable): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |\n`;
  const rule = `|${head.map(() => ' --- |').join('')}\n`;
  return `**${escapeMarkdown(caption)}**\n\n${row(head)}${rule}${lines.map(row).join('')}`;
}

/** A table in LaTeX; needs the package booktabs. The first column stands left, the others right. */
export function latexOf({ caption, head, lines }: TextTable): string {
  const row = (cells: readonly string[]): string => `    ${cells.map(escapeLatex).join(' & ')} \\\\\n`;
  return [
    '\\begin{table}\n',
    '  \\centering\n',
    `  \\caption{${escapeLatex(caption)}}\n`,
    `  \\begin{tabular}{l${'r'.repeat(Math.max(0, head.length - 1))}}\n`,
    '    \\toprule\n',
    row(head),
    '    \\midrule\n',
    ...lines.map(row),
    '    \\bottomrule\n',
    '  \\end{tabular}\n',
    '\\end{table}\n',
  ].join('');
}

/** Text that Markdown shows as it stands: punctuation with a meaning gets a backslash, a line's end becomes a space. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\r\n|[\r\n]/g, ' ').replace(/[\\`*_{}[\]()<>#+\-!|~&$]/g, '\\$&');
}

/** Signs that LaTeX takes for commands, and those that its plain fonts lack. */
const latexSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '*': '{*}',
  '`': '\\textasciigrave{}',
  '[': '{[}',
  ']': '{]}',
  '\u2212': '$-$',
  '\u2013': '--',
  '\u00b1': '$\\pm$',
  '\u00d7': '$\\times$',
  '\u202f': '\\,',
  '\u03bb': '$\\lambda$',
  '\u03c4': '$\\tau$',
};

/** Text that LaTeX sets as it stands; a line's end becomes a space. */
export function escapeLatex(text: string): string {
  const signs = [...text.replace(/\r\n|[\r\n]/g, ' ')];
  // Two hyphens in a row would be drawn as one dash.
  const isDoubled = (index: number): boolean => signs[index] === '-' && signs[index + 1] === '-';
  return signs.map((sign, index) => (isDoubled(index) ? '-{}' : (latexSigns[sign] ?? sign))).join('');
}
