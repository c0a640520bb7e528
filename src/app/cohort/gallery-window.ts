/**
 * Which cells of a gallery are drawn: the visible ones and one screenful around them.
 */

/** The part of a grid that is drawn. */
export interface GalleryWindow {
  readonly columns: number;
  readonly totalHeight: number;
  /** First cell drawn, inclusive. */
  readonly start: number;
  /** Last cell drawn, exclusive. */
  readonly end: number;
  /** Distance of the first drawn row from the top, in px. */
  readonly offset: number;
}

/** @param cell width and height of a cell with its gap, in px. */
export function galleryWindow(
  count: number,
  width: number,
  height: number,
  scrollTop: number,
  cell: number,
): GalleryWindow {
  const columns = Math.max(1, Math.floor(width / cell));
  const rowCount = Math.ceil(count / columns);
  const firstRow = Math.max(0, Math.floor((scrollTop - height / 2) / cell));
  const lastRow = Math.min(rowCount, Math.ceil((scrollTop + 1.5 * height) / cell));
  return {
    columns,
    totalHeight: rowCount * cell,
    start: Math.min(count, firstRow * columns),
    end: Math.min(count, lastRow * columns),
    offset: firstRow * cell,
  };
}
