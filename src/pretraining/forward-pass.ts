/**
 * One batch on its way through V and T, shared by all objectives of a recipe: a view of a film is prepared and embedded once for all of
 * them.
 *
 * A batch whose activations do not fit the device goes through in parts, of which only the embeddings are kept; each part is computed again
 * for its gradients. The loss still sees the whole batch, and its gradients are exact. L. Gao, Y. Zhang, J. Han, J. Callan, "Scaling deep
 * contrastive learning batch size under memory limited setup" (GradCache), 2021, https://arxiv.org/abs/2101.06983.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';
import { sliceRows } from '../kernels/slice-rows.ts';
import type { ImageEncoder, TextEncoder } from '../models/encoder.ts';
import { recomputed } from '../models/recompute.ts';
import { prepareInput, type EncoderInput, type StoredImages } from '../transforms/prepare.ts';

/** Tensors on the device by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** What a forward pass is made of. */
export interface ForwardParts {
  readonly encoder: ImageEncoder;
  /** T; null in recipes without reports. */
  readonly textEncoder: TextEncoder | null;
  readonly input: EncoderInput;
  readonly films: StoredImages;
  /** Parts in which examples go through the encoders. */
  readonly parts: number;
  /** True while gradients are recorded. */
  readonly training: boolean;
}

/** Names of the inputs that a pass reads. */
export const passInputs = {
  films: 'films',
  reports: 'reports',
  patient: 'patient',
  wording: 'wording',
  /** Of a view, counted from 0. */
  view: (view: number): string => `view ${view}`,
} as const;

/** A batch and what was made of it so far. */
export class ForwardPass {
  readonly #made: ForwardParts;
  readonly #inputs: Tensors;
  readonly #films = new Map<number, tf.Tensor4D>();
  readonly #embeddings = new Map<number, tf.Tensor2D>();
  #text: tf.Tensor2D | undefined;

  constructor(made: ForwardParts, inputs: Tensors) {
    this.#made = made;
    this.#inputs = inputs;
  }

  get parts(): number {
    return this.#made.parts;
  }

  /** False while validation patients are looked at: nothing may change then. */
  get training(): boolean {
    return this.#made.training;
  }

  /** Patients, and wordings of reports, as numbers [batch]; none when films may be anyone's negatives. */
  get groups(): { readonly patients: readonly tf.Tensor1D[]; readonly pairs: readonly tf.Tensor1D[] } {
    const given = (name: string): tf.Tensor1D[] => {
      const tensor = this.#inputs[name] as tf.Tensor1D | undefined;
      return tensor ? [tensor] : [];
    };
    const patients = given(passInputs.patient);
    return { patients, pairs: [...patients, ...given(passInputs.wording)] };
  }

  /** A view of the films as V reads them, [batch, side, side, channels]; films as they are when nothing is augmented. */
  films(view: number): tf.Tensor4D {
    return kept(this.#films, view, () => {
      const table = this.#inputs[passInputs.view(view)] as tf.Tensor2D | undefined;
      return this.prepare(table ?? null);
    });
  }

  /** The films after an augmentation of the caller's. @param table [batch, 8] as `augmentationTable` writes it. */
  prepare(table: tf.Tensor2D | null): tf.Tensor4D {
    const { films, input } = this.#made;
    return prepareInput(this.#inputs[passInputs.films] as tf.Tensor2D, films, input, table);
  }

  /** V's embeddings of a view, [batch, dimensions]. */
  embedding(view: number): tf.Tensor2D {
    return kept(this.#embeddings, view, () => this.embed(this.#made.encoder, this.films(view)));
  }

  /** Embeddings of any films by an encoder that is trained, [films, dimensions]. */
  embed(encoder: ImageEncoder, films: tf.Tensor4D): tf.Tensor2D {
    const { training } = this.#made;
    if (this.parts > 1 && (encoder.buffers?.length ?? 0) > 0) {
      throw new InputError(
        'A batch of pre-training does not fit the memory of the graphics device, and this image encoder normalises over whole batches, so that it cannot go in parts. Lower the batch size of pre-training or the side of the films.',
      );
    }
    return this.inParts(films, encoder.variables, (part) => encoder.forward(part, training));
  }

  /** Reports as T reads them, [batch, width]. */
  reports(): tf.Tensor2D {
    return this.#inputs[passInputs.reports] as tf.Tensor2D;
  }

  /** T's embeddings of the reports, [batch, dimensions]. */
  text(): tf.Tensor2D {
    const { textEncoder, training } = this.#made;
    if (!textEncoder) throw new TypeError('ForwardPass: this recipe has no text encoder');
    this.#text ??= this.inParts(this.reports(), textEncoder.variables, (part) =>
      textEncoder.forward(part, training),
    );
    return this.#text;
  }

  /** The examples of a part. @param tensor whose first axis is the batch. */
  slice<T extends tf.Tensor>(tensor: T, index: number): T {
    return sliceOf(tensor, index, this.parts);
  }

  /** The rows of f, computed part by part; f depends on its argument and on the variables only. */
  inParts<T extends tf.Tensor>(
    x: T,
    variables: readonly { readonly variable: tf.Variable }[],
    f: (part: T) => tf.Tensor2D,
  ): tf.Tensor2D {
    const { parts } = this;
    if (parts === 1) return f(x);
    const trained = variables.map(({ variable }) => variable);
    const rows = Array.from({ length: parts }, (_, i) => {
      const part = sliceOf(x, i, parts);
      // A text encoder that only passes on embeddings has nothing to train and needs no backward pass.
      return this.training && trained.length > 0
        ? recomputed((again) => f(again as T), [], trained, [part])
        : f(part);
    });
    return tf.concat2d(rows, 0);
  }
}

function sliceOf<T extends tf.Tensor>(tensor: T, index: number, parts: number): T {
  const size = tensor.shape[0] / parts;
  return sliceRows(tensor, index * size, size);
}

function kept<T>(known: Map<number, T>, key: number, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
