/**
 * The words of a text in RTF, as a reader of RTF shows them.
 * Source: Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1, 2008.
 */

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
  /** In a group that holds no words. */
  readonly hidden: boolean;
  /** Hidden text, or text that was deleted while changes were tracked. */
  readonly unseen: boolean;
  /** Of the font in use. */
  readonly decoder: TextDecoder;
  /** Characters that stand after \\u for readers without Unicode. */
  readonly skips: number;
}

/** Words in the order of the file; bytes (\\'hh) in the code page of their font, or else in that of the file. */
export function textOfRtf(rtf: string): string {
  const fonts = new Fonts(rtf);
  const tokens = /\\([a-z]+)(-?\d+)? ?|\\'([\da-f]{2})|\\([^a-z])|([{}])|\r?\n|\r|([^\\{}\r\n]+)/gi;
  const stack: RtfState[] = [];
  let state: RtfState = { hidden: false, unseen: false, decoder: fonts.usual, skips: 1 };
  let text = '';
  let skip = 0;
  let bytes: number[] = [];
  const write = (words: string): void => {
    if (!state.hidden && !state.unseen) text += words;
  };
  const flush = (): void => {
    if (bytes.length > 0) write(state.decoder.decode(Uint8Array.from(bytes)));
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
      else if (word === 'f') state = { ...state, decoder: fonts.decoder(value) };
      else if (word === 'plain') state = { ...state, unseen: false, decoder: fonts.usual };
      else if (word === 'v' || word === 'deleted') state = { ...state, unseen: value !== '0' };
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

/** Code pages of the character sets that fonts state; 0, 1 and others mean the file's own. */
const codePages: Readonly<Record<string, string>> = {
  '77': '10000',
  '128': '932',
  '129': '949',
  '134': '936',
  '136': '950',
  '161': '1253',
  '162': '1254',
  '163': '1258',
  '177': '1255',
  '178': '1256',
  '186': '1257',
  '204': '1251',
  '222': '874',
  '238': '1250',
};

/** The fonts of a file: on a western Windows the file states 1252, and the Cyrillic font of its text 1251. */
class Fonts {
  /** Of text without a font of its own. */
  readonly usual: TextDecoder;
  readonly #own: TextDecoder;
  readonly #decoders = new Map<string, TextDecoder>();

  constructor(rtf: string) {
    this.#own = decoderOf(/\\ansicpg(\d+)/.exec(rtf)?.[1] ?? '1252');
    for (const [, font, set] of rtf.matchAll(
      /\{(?:\\f[a-z]{2}m(?:aj|in)or)?\\f(\d+)(?=[^a-z\d])[^{};]*?\\fcharset(\d+)/g,
    )) {
      const page = codePages[set!];
      if (page !== undefined) this.#decoders.set(font!, decoderOf(page));
    }
    this.usual = this.decoder(/\\deff(\d+)/.exec(rtf)?.[1]);
  }

  /** How bytes of a font are read. */
  decoder(font: string | undefined): TextDecoder {
    return this.#decoders.get(font ?? '0') ?? this.#own;
  }
}

const labels: Readonly<Record<string, string>> = {
  '65001': 'utf-8',
  '10000': 'macintosh',
  '932': 'shift_jis',
  '936': 'gbk',
  '949': 'euc-kr',
  '950': 'big5',
};

function decoderOf(page: string): TextDecoder {
  try {
    return new TextDecoder(labels[page] ?? `windows-${page}`);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
