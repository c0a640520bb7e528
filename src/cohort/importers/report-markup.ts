/**
 * Reports that hold more than their words: RTF and HTML, as hospital systems export them, become plain text.
 * Source: WHATWG, "HTML Standard", https://html.spec.whatwg.org.
 */
import { textOfRtf } from './rtf.ts';

/** A report's words, and what they were taken out of. */
export interface PlainReport {
  readonly text: string;
  readonly markup: 'RTF' | 'HTML' | null;
}

/** The words of a report, without space around them. Text without markup stays as it is. */
export function plainReport(report: string): PlainReport {
  if (/^\s*\{\\rtf/.test(report)) return { text: textOfRtf(report).trim(), markup: 'RTF' };
  if (tag.test(report) || entity.test(report)) return { text: textOfHtml(report).trim(), markup: 'HTML' };
  return { text: report.trim(), markup: null };
}

/** Tags that exports do hold; "<5 mm>" and "<NA>" are none. */
const tag =
  /<\/?(?:html|head|body|title|meta|style|script|p|br|hr|b|i|u|em|strong|small|sub|sup|span|div|font|center|pre|a|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|h[1-6]|section|article|blockquote|paragraph|content)(?:\s+[\w:-]+\s*=[^<>]*)?\s*\/?>|<!--|<!doctype/i;

/** Letters and signs by their names in HTML. */
const named: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'nbsp:\u00a0 amp:& lt:< gt:> quot:" apos:\' auml:ä ouml:ö uuml:ü Auml:Ä Ouml:Ö Uuml:Ü szlig:ß aring:å Aring:Å oslash:ø Oslash:Ø ' +
    'aelig:æ AElig:Æ eacute:é Eacute:É egrave:è ecirc:ê euml:ë aacute:á agrave:à acirc:â atilde:ã iacute:í icirc:î oacute:ó ocirc:ô ' +
    'otilde:õ uacute:ú ugrave:ù ucirc:û ntilde:ñ Ntilde:Ñ ccedil:ç Ccedil:Ç ndash:– mdash:— lsquo:‘ rsquo:’ ldquo:“ rdquo:” bull:• ' +
    'igrave:ì ograve:ò ugrave:ù Agrave:À Aacute:Á Egrave:È Ecirc:Ê Iacute:Í Oacute:Ó Uacute:Ú Atilde:Ã Otilde:Õ oelig:œ OElig:Œ ' +
    'ordm:º ordf:ª sup3:³ frac14:¼ frac34:¾ copy:© reg:® rarr:→ larr:← uarr:↑ darr:↓ ne:≠ asymp:≈ ' +
    'hellip:… deg:° plusmn:± times:× micro:µ le:≤ ge:≥ frac12:½ sup2:² iexcl:¡ iquest:¿ laquo:« raquo:» middot:·'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);

const entity = new RegExp(`&(?:${Object.keys(named).join('|')}|#\\d{1,7}|#[xX][\\da-fA-F]{1,6});`);

function textOfHtml(html: string): string {
  return decodeEntities(
    html
      .replace(/<!--[^]*?(?:-->|$)|<(script|style|head|title)\b[^]*?(?:<\/\1\s*>|$)/gi, ' ')
      .replace(/<\/?(?:br|p|div|tr|li|h[1-6]|hr|section|article|paragraph|table|ul|ol)\b[^<>]*>/gi, '\n')
      .replace(/<\/?(?:td|th|dt|dd)\b[^<>]*>/gi, '\t')
      .replace(new RegExp(tag.source, 'gi'), ''),
  )
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n[ \n]*\n */g, '\n\n')
    .replace(/ *\n */g, '\n');
}

/** Once, so that "&amp;lt;" is the text "&lt;". What is no known entity stays. */
function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#'))
      return Object.hasOwn(named, name) ? named[name]!.replace('\u00a0', ' ') : whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
