/**
 * Images as they are handed to the screen.
 */

/** Images for the screen: side × side grey bytes each, one after the other. */
export interface ImageBatch {
  readonly side: number;
  readonly pixels: Uint8Array;
}
