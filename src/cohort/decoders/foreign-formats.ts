/**
 * What a file is when it is no film that is read, told by its first bytes and not by its name.
 */

/** Bytes that `foreignFormat` looks at; more do no harm. */
export const foreignFormatBytes = 512;

/**
 * The format of a file with its article, as "a DICOM file"; null for PNG, JPEG and what is not known.
 * @param first the first bytes of the file, 512 if it has as many.
 */
export function foreignFormat(first: Uint8Array): string | null {
  const head = first.subarray(0, foreignFormatBytes);
  return signatures.find(({ test }) => test(head))?.name ?? textFormat(head);
}

/** What to do about a file of a format that `foreignFormat` names, in a sentence. */
export function remedyFor(format: string): string {
  return remedies[format] ?? 'Films are read as PNG or JPEG; convert it.';
}

/** Files that are no pictures; all others are to be converted. */
const remedies: Readonly<Record<string, string>> = {
  'a Git LFS pointer': 'It stands for the film, which is not here; fetch the real files with “git lfs pull”.',
  'a git-annex pointer':
    'It stands for the film, which is not here; fetch the real files with “git annex get”.',
  'a macOS attribute file':
    'macOS puts such files, named ._film.png, beside the real ones; take the film itself.',
  'a web page':
    'That is often the error page of a download that failed, such as one that asked to log in; download the film again.',
  'an XML file': 'That is often the error message of a download that failed; download the film again.',
  'a JSON file': 'That is often the error message of a download that failed; download the film again.',
  'a text file': 'It is no film: look at what it says, and put the film itself in its place.',
  'a video': 'Films are read as PNG or JPEG; export single pictures.',
  'a ZIP archive': 'Unpack it; films are read as PNG or JPEG.',
  'a 7-Zip archive': 'Unpack it; films are read as PNG or JPEG.',
  'a RAR archive': 'Unpack it; films are read as PNG or JPEG.',
  'a tar archive': 'Unpack it; films are read as PNG or JPEG.',
  'a gzip-compressed file': 'Unpack it; films are read as PNG or JPEG.',
};

interface Signature {
  readonly name: string;
  readonly test: (head: Uint8Array) => boolean;
}

/** In this order; those that look at few bytes come last. */
const signatures: readonly Signature[] = [
  { name: 'a DICOM file', test: (head) => has(head, 128, 'DICM') || isBareDicom(head) },
  {
    name: 'a JPEG 2000 file',
    test: (head) => has(head, 4, 'jP  \r\n\x87\n') || has(head, 0, '\xff\x4f\xff\x51'),
  },
  { name: 'a JPEG XL file', test: (head) => has(head, 4, 'JXL \r\n\x87\n') || has(head, 0, '\xff\x0a') },
  // AVIF pictures list the brand of HEIF pictures too.
  { name: 'an AVIF picture', test: (head) => brands(head).some((brand) => /^avi[fs]$/.test(brand)) },
  {
    name: 'a HEIC photograph',
    test: (head) => brands(head).some((brand) => /^(he[ivm][cxs]|mif1|msf1)$/.test(brand)),
  },
  { name: 'a video', test: (head) => has(head, 4, 'ftyp') || has(head, 0, '\x1a\x45\xdf\xa3') },
  {
    name: 'a NIfTI file',
    test: (head) => has(head, 344, 'n+1\0') || has(head, 344, 'ni1\0') || isNifti2(head),
  },
  { name: 'a macOS attribute file', test: (head) => has(head, 0, '\0\x05\x16\x07') },
  { name: 'a PDF file', test: (head) => has(head, 0, '%PDF-') },
  { name: 'a ZIP archive', test: (head) => has(head, 0, 'PK\x03\x04') || has(head, 0, 'PK\x05\x06') },
  { name: 'a gzip-compressed file', test: (head) => has(head, 0, '\x1f\x8b\x08') },
  { name: 'a 7-Zip archive', test: (head) => has(head, 0, '7z\xbc\xaf\x27\x1c') },
  { name: 'a RAR archive', test: (head) => has(head, 0, 'Rar!\x1a\x07') },
  { name: 'a tar archive', test: (head) => has(head, 257, 'ustar') },
  { name: 'an HDF5 file', test: (head) => has(head, 0, '\x89HDF\r\n\x1a\n') },
  { name: 'a NumPy file', test: (head) => has(head, 0, '\x93NUMPY') },
  { name: 'a NRRD file', test: (head) => has(head, 0, 'NRRD000') },
  {
    name: 'a TIFF file',
    test: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((mark) => has(head, 0, mark)),
  },
  { name: 'a GIF file', test: (head) => has(head, 0, 'GIF87a') || has(head, 0, 'GIF89a') },
  { name: 'a WebP file', test: (head) => has(head, 0, 'RIFF') && has(head, 8, 'WEBP') },
  { name: 'a Photoshop file', test: (head) => has(head, 0, '8BPS') },
  { name: 'a Netpbm picture (PGM, PPM)', test: (head) => /^P[1-7]\s+[#\d]/.test(latin(head, 0, 12)) },
  { name: 'a BMP file', test: isBmp },
];

/** Formats of text, the more particular ones first. */
function textFormat(head: Uint8Array): string | null {
  const text = textOf(head);
  if (text === null) return null;
  if (text.startsWith('version https:') && text.includes('git-lfs')) return 'a Git LFS pointer';
  if (/^[./]*(git\/)?annex\/objects\//.test(text)) return 'a git-annex pointer';
  if (/^<[^]*<(html|head|body|title|meta|script)\b|^<(!doctype html|html|h1|p)\b/i.test(text))
    return 'a web page';
  if (/^(<\?xml[^]*)?<svg\b/i.test(text)) return 'an SVG drawing';
  if (/^<(\?xml\b|[a-z!])/i.test(text)) return 'an XML file';
  if (/^\{\s*("|\}|$)|^\[\s*[[{"\d-]/.test(text)) return 'a JSON file';
  return 'a text file';
}

/** The head as text without spaces before it, or null when it holds bytes that text has not, or nothing to read. */
function textOf(head: Uint8Array): string | null {
  const [first, second] = head;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(head).trimStart();
  // Text of other encodings has single bytes that are no UTF-8; what is no text has control characters.
  return text === '' || /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) || share(text, /\ufffd/g) > 0.3
    ? null
    : text;
}

function share(text: string, letters: RegExp): number {
  return (text.match(letters)?.length ?? 0) / text.length;
}

/** Whether the letters, each one byte, stand at an offset. */
function has(head: Uint8Array, offset: number, letters: string): boolean {
  return latin(head, offset, letters.length) === letters;
}

function latin(head: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...head.subarray(offset, offset + length));
}

/**
 * DICOM without its preamble: an element of group 0002 or 0008 with a value representation (PS3.5, section 7.1.2), or one of the usual
 * first elements of group 0008 with a short length.
 */
function isBareDicom(head: Uint8Array): boolean {
  return /^[\x02\x08]\0[^]{2}(AE|CS|DA|LO|OB|PN|SH|TM|UI|UL)|^\x08\0[\0\x01\x05\x08\x16]\0[^]\0\0\0/.test(
    latin(head, 0, 8),
  );
}

/** NIfTI-2 states its header's size, 540, and its name at byte 4. */
function isNifti2(head: Uint8Array): boolean {
  return has(head, 4, 'n+2\0') || has(head, 4, 'ni2\0');
}

/** The names of formats that the first box of a HEIF file (ftyp) lists. */
function brands(head: Uint8Array): string[] {
  if (!has(head, 4, 'ftyp')) return [];
  const end = Math.min(head.length, head[2]! * 256 + head[3]!);
  return Array.from({ length: Math.max(0, (end - 8) >> 2) }, (_, i) => latin(head, 8 + 4 * i, 4));
}

/** 'BM' begins words too; the bitmap's reserved bytes are 0, and the size of its second header is small. */
function isBmp(head: Uint8Array): boolean {
  return (
    has(head, 0, 'BM') &&
    head.length >= 18 &&
    head.subarray(6, 10).every((byte) => byte === 0) &&
    head[14]! >= 12 &&
    head[15] === 0
  );
}
