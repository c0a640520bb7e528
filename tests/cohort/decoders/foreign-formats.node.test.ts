/**
 * Formats by their first bytes, each from the format's own description.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { foreignFormat } from '../../../src/cohort/decoders/foreign-formats.ts';

/** Bytes of a text of single-byte letters, at an offset. */
function letters(text: string, offset = 0, length = 0): Uint8Array {
  const bytes = new Uint8Array(Math.max(length, offset + text.length));
  bytes.set(
    [...text].map((letter) => letter.charCodeAt(0)),
    offset,
  );
  return bytes;
}

const heif = (...brands: string[]): Uint8Array =>
  letters(
    `\0\0\0${String.fromCharCode(8 + 4 * (brands.length + 1))}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`,
  );

describe('foreignFormat', () => {
  it.each<[string, Uint8Array]>([
    ['a DICOM file', letters('DICM', 128, 200)],
    ['a DICOM file', letters('\x02\0\0\0UL\x04\0\xc2\0\0\0')],
    ['a DICOM file', letters('\x08\0\x05\0CS\x0a\0ISO_IR 100')],
    ['a DICOM file', letters('\x08\0\x05\0\x0a\0\0\0ISO_IR 100')],
    ['a JPEG 2000 file', letters('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ')],
    ['a JPEG 2000 file', letters('\xff\x4f\xff\x51\0\x2f')],
    ['a JPEG XL file', letters('\0\0\0\x0cJXL \r\n\x87\n')],
    ['a JPEG XL file', letters('\xff\x0a\xfa\x1f')],
    ['a HEIC photograph', heif('heic', 'mif1', 'heic')],
    ['an AVIF picture', heif('avif', 'mif1', 'miaf')],
    ['a PDF file', letters('%PDF-1.7\n%\xe2\xe3')],
    ['a ZIP archive', letters('PK\x03\x04\x14\0')],
    ['a gzip-compressed file', gzipSync('film')],
    ['a NIfTI file', letters('n+1\0', 344, 352)],
    ['a NIfTI file', letters('ni1\0', 344, 348)],
    ['a TIFF file', letters('II*\0\x08\0\0\0')],
    ['a TIFF file', letters('MM\0+\0\x08\0\0')],
    ['a BMP file', letters('BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0')],
    ['a GIF file', letters('GIF89a\x01\0')],
    ['a WebP file', letters('RIFF\x24\0\0\0WEBPVP8 ')],
    ['a Photoshop file', letters('8BPS\0\x01')],
    ['a macOS attribute file', letters('\0\x05\x16\x07\0\x02\0\0Mac OS X        ')],
    ['a Git LFS pointer', letters('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n')],
    ['a git-annex pointer', letters('/annex/objects/SHA256E-s5--00.png\n')],
    ['a web page', letters('\n<!DOCTYPE html><html><body>403')],
    ['a web page', letters('<html><head><title>Sign in</title>')],
    ['a web page', letters('<!-- saved -->\n<HTML lang="en">')],
    ['an XML file', letters('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
    ['a JSON file', letters('{"message": "Not Found"}')],
    ['a text file', letters('404: Not Found')],
    ['a text file', letters('Kein Zugriff auf \xdcbersicht.png')],
    ['a text file', letters('\xff\xfeN\0o\0')],
    ['a text file', letters('BMI of the patients')],
  ])('%s', (name, bytes) => {
    expect(foreignFormat(bytes)).toBe(name);
  });

  it.each<[string, Uint8Array]>([
    ['PNG', letters('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['JPEG', letters('\xff\xd8\xff\xe0\0\x10JFIF\0')],
    ['zeros', new Uint8Array(512)],
    ['nothing', new Uint8Array()],
    ['unknown bytes', letters('\x01\x02\x03\x04\xfa\xfb')],
  ])('knows no name for %s', (_name, bytes) => {
    expect(foreignFormat(bytes)).toBeNull();
  });
});
