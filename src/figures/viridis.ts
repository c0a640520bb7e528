/**
 * The colour map viridis (van der Walt & Smith 2015): even steps in lightness, told apart with any colour vision and in print.
 */

/** Eleven even steps from low to high; between them colours are mixed in a straight line. */
const stops = [
  '#440154',
  '#482576',
  '#414487',
  '#35608d',
  '#2a788e',
  '#21908c',
  '#22a884',
  '#43bf71',
  '#7ad151',
  '#bbdf27',
  '#fde725',
] as const;

/** The colour of a share. @param share in [0, 1]; what lies beyond is cut. @returns "#rrggbb". */
export function viridis(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [low, high] = [stops[index]!, stops[index + 1]!];
  const mixed = [1, 3, 5].map((at) => {
    const [from, to] = [low, high].map((stop) => parseInt(stop.slice(at, at + 2), 16));
    return Math.round(from! + (place - index) * (to! - from!));
  });
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
