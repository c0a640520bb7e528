/**
 * All image encoders. A new one is a file beside this one and a line here.
 */
import type { ImageEncoderEntry } from '../encoder.ts';
import { densenet } from './densenet.ts';
import { resnet } from './resnet.ts';
import { vit } from './vit.ts';

/** Image encoders by name. */
export const imageEncoders: Readonly<Record<string, ImageEncoderEntry>> = { resnet, densenet, vit };
