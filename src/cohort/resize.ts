/**
 * Antialiased separable resampling, as Pillow's `Image.resize` does it: the filter's support grows with the reduction, the horizontal
 * pass comes first, and each pass is rounded to the grey levels' type (8-bit films with 22-bit fixed-point weights).
 * Without antialiasing it is `torch.nn.functional.interpolate(align_corners=False)`: half-pixel centres, borders repeated.
 * Source: Pillow, `src/libImaging/Resample.c`, https://github.com/python-pillow/Pillow; Keys, "Cubic convolution interpolation for digital
 * image processing", IEEE TASSP 29 (1981), for the cubic with a = −0.5 (Pillow) and a = −0.75 (without antialiasing).
 */

/** Grey levels of one type, row by row from the top left. */
export interface Raster<T extends Grey = Grey> {
  readonly width: number;
  readonly height: number;
  readonly grey: T;
}

/** The types of grey levels that are resampled, each rounded and clipped in its own way. */
export type Grey = Uint8Array | Uint16Array | Float32Array;

/** Filters by Pillow's names. */
export type ResizeFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/**
 * The raster at another size, of the same type. 'nearest' takes the pixel under each new pixel's centre.
 * @param antialias false: the support stays that of the filter however much is left out ('bilinear' and 'bicubic' only).
 * @throws RangeError unless width and height are integers ≥ 1.
 */
export function resize<T extends Grey>(
  raster: Raster<T>,
  width: number,
  height: number,
  filter: ResizeFilter = 'bilinear',
  antialias = true,
): Raster<T> {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1))
    throw new RangeError(`resize: width and height must be integers ≥ 1, got ${width} × ${height}`);
  const windows = antialias ? antialiasedWindows : interpolatingWindows;
  const wide = width === raster.width ? raster : resampleRows(raster, windows(raster.width, width, filter));
  return height === wide.height ? wide : resampleColumns(wide, windows(wide.height, height, filter));
}

/** For each new pixel the first old pixel it sees, and the weights of those from there on; the weights sum to 1. */
interface Windows {
  readonly starts: readonly number[];
  readonly weights: readonly Float64Array[];
}

/** A filter's kernel on its support [−support, support]. */
interface Kernel {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const kernels: Readonly<Record<Exclude<ResizeFilter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))),
  },
  bicubic: { support: 2, weight: (x) => cubic(x, -0.5) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function cubic(x: number, a: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

function antialiasedWindows(from: number, to: number, filter: ResizeFilter): Windows {
  const scale = from / to;
  if (filter === 'nearest') return nearestWindows(from, to);
  const { support, weight } = kernels[filter];
  const stretch = Math.max(1, scale);
  const windows = { starts: [] as number[], weights: [] as Float64Array[] };
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support * stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + support * stretch + 0.5));
    const raw = Float64Array.from({ length: end - start }, (_, k) =>
      weight((start + k - centre + 0.5) / stretch),
    );
    const sum = raw.reduce((total, w) => total + w, 0);
    windows.starts.push(start);
    windows.weights.push(raw.map((w) => w / sum));
  }
  return windows;
}

function nearestWindows(from: number, to: number): Windows {
  const starts = Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, Math.floor(((i + 0.5) * from) / to)),
  );
  return { starts, weights: starts.map(() => Float64Array.of(1)) };
}

/** Taps beyond the border fall on the border pixel. @throws RangeError for filters that interpolate nothing. */
function interpolatingWindows(from: number, to: number, filter: ResizeFilter): Windows {
  if (filter !== 'bilinear' && filter !== 'bicubic')
    throw new RangeError(`resize: ${filter} needs antialiasing; without it use bilinear or bicubic`);
  const taps = filter === 'bilinear' ? [0, 1] : [-1, 0, 1, 2];
  const kernel = filter === 'bilinear' ? kernels.bilinear.weight : (x: number) => cubic(x, -0.75);
  const windows = { starts: [] as number[], weights: [] as Float64Array[] };
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    // Torch holds bilinear positions at 0 before it takes the fraction; for the cubic it repeats border pixels instead.
    const position = filter === 'bilinear' ? Math.max(0, centre) : centre;
    const places = taps.map((tap) => Math.floor(position) + tap);
    const inside = places.map((place) => Math.min(from - 1, Math.max(0, place)));
    const weights = new Float64Array(inside.at(-1)! - inside[0]! + 1);
    places.forEach((place, k) => (weights[inside[k]! - inside[0]!]! += kernel(position - place)));
    windows.starts.push(inside[0]!);
    windows.weights.push(weights);
  }
  return windows;
}

function resampleRows<T extends Grey>({ width, height, grey }: Raster<T>, windows: Windows): Raster<T> {
  const { starts, weights, store } = weighing(grey, windows);
  const result = emptyLike(grey, starts.length * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < starts.length; x++, at++) {
      const [start, taps] = [y * width + starts[x]!, weights[x]!];
      let sum = 0;
      for (let k = 0; k < taps.length; k++) sum += grey[start + k]! * taps[k]!;
      result[at] = store(sum);
    }
  }
  return { width: starts.length, height, grey: result };
}

function resampleColumns<T extends Grey>({ width, grey }: Raster<T>, windows: Windows): Raster<T> {
  const { starts, weights, store } = weighing(grey, windows);
  const result = emptyLike(grey, width * starts.length);
  const sums = new Float64Array(width);
  for (let y = 0; y < starts.length; y++) {
    sums.fill(0);
    weights[y]!.forEach((weight, k) => {
      const line = (starts[y]! + k) * width;
      for (let x = 0; x < width; x++) sums[x]! += grey[line + x]! * weight;
    });
    for (let x = 0; x < width; x++) result[y * width + x] = store(sums[x]!);
  }
  return { width, height: starts.length, grey: result };
}

/** Weights and rounding of one type of grey levels. Sums of 8-bit levels times 22-bit weights are exact in a double. */
function weighing(grey: Grey, windows: Windows): Windows & { readonly store: (sum: number) => number } {
  if (grey instanceof Uint8Array) {
    const weights = windows.weights.map((taps) => taps.map((w) => roundHalfAway(w * fixedOne)));
    return { ...windows, weights, store: (sum) => clip(Math.floor((sum + fixedOne / 2) / fixedOne), 255) };
  }
  if (grey instanceof Uint16Array) return { ...windows, store: (sum) => clip(Math.floor(sum + 0.5), 65535) };
  return { ...windows, store: (sum) => sum };
}

const fixedOne = 2 ** 22;

function roundHalfAway(x: number): number {
  return Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
}

function clip(level: number, most: number): number {
  return Math.min(most, Math.max(0, level));
}

function emptyLike<T extends Grey>(grey: T, length: number): T {
  return new (grey.constructor as new (length: number) => T)(length);
}
