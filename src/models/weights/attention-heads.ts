/**
 * How many attention heads a transformer may have. The shapes of its weights are the same for every number, and the wrong one gives wrong
 * features without any error, so the number comes from a file or is asked for.
 */
import { architectureSize } from './timm-architectures.ts';

/** A number of heads to choose. */
export interface HeadChoice {
  readonly heads: number;
  /** Whether networks of this size, or of the file's name, mostly have it. */
  readonly usual: boolean;
}

/** Dimensions of a head in nearly every transformer that was published. */
const usualHeadDimensions = 64;

/** Dimensions of the narrowest and the widest head in timm's networks, with room on either side. */
const [narrowest, widest] = [8, 128] as const;

/** Heads by token length where they are not of 64 dimensions: ViT-H, ViT-g, ViT-G, SO400M. */
const otherUsualHeads: Readonly<Record<number, number>> = { 1280: 16, 1408: 16, 1664: 16, 1152: 16 };

/**
 * The numbers that divide a token into heads of 8 to 128 dimensions, the usual one first.
 * @param fileName may bear timm's name of the network, which proves nothing but is likelier than the size alone.
 */
export function headChoices(dimensions: number, fileName: string): HeadChoice[] {
  const usual = namedHeads(dimensions, fileName) ?? usualHeads(dimensions);
  return Array.from({ length: dimensions }, (_, i) => i + 1)
    .filter((heads) => dimensions % heads === 0)
    .filter((heads) => dimensions / heads >= narrowest && dimensions / heads <= widest)
    .map((heads) => ({ heads, usual: heads === usual }))
    .sort((a, b) => Number(b.usual) - Number(a.usual));
}

function namedHeads(dimensions: number, fileName: string): number | null {
  const size = architectureSize(fileName.replace(/\.[^.]*$/, ''));
  return size?.dimensions === dimensions ? size.heads : null;
}

function usualHeads(dimensions: number): number {
  return otherUsualHeads[dimensions] ?? dimensions / usualHeadDimensions;
}
