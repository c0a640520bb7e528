/**
 * Films as they are handed to the screen.
 */

/** Films for the screen: side × side grey bytes each, one after the other. */
export interface FilmBatch {
  readonly side: number;
  readonly pixels: Uint8Array;
}
