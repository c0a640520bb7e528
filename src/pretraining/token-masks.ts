/**
 * Which tokens of a report are hidden, drawn anew for each report and step.
 *
 * J. Devlin, M.-W. Chang, K. Lee, K. Toutanova, "BERT", 2018, https://arxiv.org/abs/1810.04805, section 3.1, task 1.
 */
import { notAsked } from '../losses/masked-language.ts';
import type { Random } from '../random/random.ts';
import type { HostTensors } from '../tensors/host-tensor.ts';
import type { ReportTokens } from './text-side.ts';

/** How tokens are hidden. */
export interface TokenMasking {
  /** Of the tokens that are words, in (0, 1). */
  readonly share: number;
  /** True: of the tokens asked for, a tenth stays and a tenth becomes any other token, as in BERT; false: all become [MASK]. */
  readonly mixed: boolean;
}

/** Places that are asked for in a report at most. */
export function askedPlaces(width: number, share: number): number {
  return Math.max(1, Math.ceil(width * share));
}

/**
 * Hides tokens of a batch of reports.
 * @returns `ids` int32 [reports, width], with hidden tokens; `asked` int32 [reports, places], the places that are asked for, 0 beyond their
 *   number; `labels` int32 [reports, places], the tokens that stood there, `notAsked` beyond their number
 */
export function drawTokenMasks(
  reports: readonly string[],
  { fitted, vocabulary, special, mask }: ReportTokens,
  { share, mixed }: TokenMasking,
  random: Random,
): HostTensors {
  const { width } = fitted;
  const places = askedPlaces(width, share);
  const ids = new Int32Array(reports.length * width);
  const asked = new Int32Array(reports.length * places);
  const labels = new Int32Array(reports.length * places).fill(notAsked);
  const words = Array.from({ length: vocabulary.length }, (_, id) => id).filter((id) => !special.has(id));
  const hidden = (id: number): number => {
    if (!mixed) return mask;
    const chance = random.uniform();
    return chance < 0.8 ? mask : chance < 0.9 ? random.pick(words) : id;
  };
  reports.forEach((report, r) => {
    const encoded = fitted.encode(report);
    ids.set(encoded, r * width);
    const candidates = [...encoded.keys()].filter((place) => !special.has(encoded[place]!));
    const count = Math.min(candidates.length, Math.max(1, Math.round(candidates.length * share)));
    const chosen = random.shuffled(candidates).slice(0, Math.min(count, places));
    chosen.forEach((place, i) => {
      asked[r * places + i] = place;
      labels[r * places + i] = encoded[place]!;
      ids[r * width + place] = hidden(encoded[place]!);
    });
  });
  return {
    ids: { shape: [reports.length, width], dtype: 'int32', values: ids },
    asked: { shape: [reports.length, places], dtype: 'int32', values: asked },
    labels: { shape: [reports.length, places], dtype: 'int32', values: labels },
  };
}
