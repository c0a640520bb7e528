/**
 * Text for HTML and SVG. Every value that a person or a file gave is escaped; markup comes from our own templates only.
 */

/** A piece of markup; only `html` makes one, so that text cannot be taken for it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: markup as it is, everything else escaped; lists are joined. */
export type HtmlValue = Markup | string | number | readonly HtmlValue[];

/** Template tag: html`<td>${value}</td>`. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(
    parts.reduce((text, part, i) => text + (i === 0 ? '' : markupOf(values[i - 1]!)) + part, ''),
  );
}

/** Text with the five characters that mean something in markup written as references. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => references[character]!);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(value: HtmlValue): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map(markupOf).join('');
}
