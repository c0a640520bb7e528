/**
 * All text encoders. A new one is a file beside this one and a line here.
 */
import type { TextEncoderEntry } from '../encoder.ts';
import { textTransformer } from './text-transformer.ts';
import { tfidf } from './tfidf.ts';

/** Text encoders by name. */
export const textEncoders: Readonly<Record<string, TextEncoderEntry>> = { tfidf, textTransformer };
