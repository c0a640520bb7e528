/**
 * Reports that hold more than their words: RTF and HTML, as hospital systems export them, become plain text.
 * Sources: Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1, 2008; WHATWG, "HTML Standard", https://html.spec.whatwg.org.
 */

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
const entity = /&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/i;

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

const named: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'nbsp:\u00a0 amp:& lt:< gt:> quot:" apos:\' auml:ä ouml:ö uuml:ü Auml:Ä Ouml:Ö Uuml:Ü szlig:ß aring:å Aring:Å oslash:ø Oslash:Ø ' +
    'aelig:æ AElig:Æ eacute:é Eacute:É egrave:è ecirc:ê euml:ë aacute:á agrave:à acirc:â atilde:ã iacute:í icirc:î oacute:ó ocirc:ô ' +
    'otilde:õ uacute:ú ugrave:ù ucirc:û ntilde:ñ Ntilde:Ñ ccedil:ç Ccedil:Ç ndash:– mdash:— lsquo:‘ rsquo:’ ldquo:“ rdquo:” bull:• ' +
    'hellip:… deg:° plusmn:± times:× micro:µ le:≤ ge:≥ frac12:½ sup2:² iexcl:¡ iquest:¿ laquo:« raquo:» middot:·'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);

/** Once, so that "&amp;lt;" is the text "&lt;". What is no known entity stays. */
function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#'))
      return Object.hasOwn(named, name) ? named[name]!.replace('\u00a0', ' ') : whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Groups that hold no words of the report. */
const hiddenGroups = new Set(
  'fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable revtbl rsidtbl generator themedata datastore latentstyles xmlnstbl fldinst filetbl'.split(
    ' ',
  ),
);

const controlText: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
};

interface RtfState {
  readonly hidden: boolean;
  /** Characters that stand after \\u for readers without Unicode. */
  readonly skips: number;
}

/** Words in the order of the file; bytes (\\'hh) in the code page that the file states. */
function textOfRtf(rtf: string): string {
  const decoder = decoderOf(rtf);
  const tokens = /\\([a-z]+)(-?\d+)? ?|\\'([\da-f]{2})|\\([^a-z])|([{}])|\r?\n|\r|([^\\{}\r\n]+)/gi;
  const stack: RtfState[] = [];
  let state: RtfState = { hidden: false, skips: 1 };
  let text = '';
  let skip = 0;
  let bytes: number[] = [];
  const write = (words: string): void => {
    if (!state.hidden) text += words;
  };
  const flush = (): void => {
    if (bytes.length > 0) write(decoder.decode(Uint8Array.from(bytes)));
    bytes = [];
  };
  for (const [, word, value, byte, symbol, brace, plain] of rtf.matchAll(tokens)) {
    if (byte !== undefined) {
      if (skip > 0) skip--;
      else bytes.push(parseInt(byte, 16));
      continue;
    }
    flush();
    if (brace === '{') stack.push(state);
    else if (brace === '}') state = stack.pop() ?? state;
    else if (word !== undefined) {
      if (hiddenGroups.has(word)) state = { ...state, hidden: true };
      else if (word === 'uc') state = { ...state, skips: Number(value ?? 1) };
      else if (word === 'u' && value !== undefined) {
        write(String.fromCharCode(Number(value) & 0xffff));
        skip = state.skips;
        continue;
      } else write(controlText[word] ?? '');
    } else if (symbol === '*') state = { ...state, hidden: true };
    else if (symbol !== undefined) write({ '~': ' ', '-': '', _: '-' }[symbol] ?? symbol);
    else if (plain !== undefined) {
      write(plain.slice(skip));
      skip = Math.max(0, skip - plain.length);
      continue;
    }
    skip = 0;
  }
  flush();
  return text;
}

function decoderOf(rtf: string): TextDecoder {
  const page = /\\ansicpg(\d+)/.exec(rtf)?.[1] ?? '1252';
  const label = { '65001': 'utf-8', '932': 'shift_jis', '936': 'gbk', '949': 'euc-kr', '950': 'big5' }[page];
  try {
    return new TextDecoder(label ?? `windows-${page}`);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
