/**
 * A pre-training run as a Task: V, the objectives of a recipe, and the weighted sum of their losses.
 *
 * All randomness is forked from the run's seed by name, so that every recipe starts from the same weights of V and sees the same films in the
 * same order and the same views of them at the same seed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import { ParameterScope } from '../models/parameter-scope.ts';
import type { NamedVariable } from '../models/parameters.ts';
import { recomputed } from '../models/recompute.ts';
import { Random } from '../random/random.ts';
import { CapturedStep } from '../tensors/captured-step.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import { buildRegisteredEncoder, type BuildImageEncoder } from '../training/encoder-source.ts';
import { imageInputs } from '../training/images.ts';
import { runBatches } from '../training/run-batches.ts';
import { pretrainingSteps } from '../training/pre-training-steps.ts';
import type { Task, Validation } from '../training/task.ts';
import { augmentationTable, drawAugmentations } from '../transforms/augment.ts';
import { squareInput, type EncoderInput } from '../transforms/prepare.ts';
import type { Pretraining, PretrainingData } from './data.ts';
import { ForwardPass, passInputs, type Tensors } from './forward-pass.ts';
import type { BuiltObjective, Objective, ObjectiveContext } from './objective.ts';
import { objectives } from './registry.ts';
import { TextSide } from './text-side.ts';

/** An objective of the recipe with its weight and its weights. */
interface Term {
  readonly objective: Objective;
  readonly weight: number;
  readonly built: BuiltObjective;
  readonly scope: ParameterScope;
}

/** What the task holds. */
interface Built {
  readonly encoder: ImageEncoder;
  readonly input: EncoderInput;
  readonly text: TextSide;
  readonly terms: readonly Term[];
}

/** The seed of all that is drawn for validation patients: the same at every validation. */
const validationSeed = 'validation';

/** The task of one pre-training run. */
export class PretrainingTask implements Task {
  readonly variables: readonly NamedVariable[];
  readonly buffers: readonly NamedVariable[];
  readonly rows: readonly number[];
  readonly sharedInputs: readonly string[];
  readonly couplesExamples: boolean;
  readonly keeps = 'last';
  readonly #spec: Pretraining;
  readonly #data: PretrainingData;
  readonly #built: Built;
  readonly #views: number;
  readonly #usesReports: boolean;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #validationLoss: CapturedStep;

  /**
   * Builds V and the objectives.
   * @throws InputError when an encoder or objective does not exist, does not fit, or no training film has a report where reports are used.
   */
  static async build(
    spec: Pretraining,
    data: PretrainingData,
    buildImageEncoder: BuildImageEncoder = buildRegisteredEncoder,
  ): Promise<PretrainingTask> {
    const random = new Random(spec.seed);
    const chosen = spec.recipe.objectives.map(({ name }) => objectiveNamed(name));
    const rows = rowsOf(chosen, data.trainingRows, data.reports);
    const buildV = (): Promise<ImageEncoder> =>
      buildImageEncoder(spec.imageEncoder, spec.imageSide, random.fork('imageEncoder'));
    const encoder = await buildV();
    const text = new TextSide(
      spec.textEncoder,
      rows.map((row) => data.reports[row]!),
      random.fork('textEncoder'),
      data.textEntry,
    );
    const terms: Term[] = [];
    const built = { encoder, input: encoder.input ?? squareInput(spec.imageSide), text, terms };
    try {
      for (const [i, { weight, settings }] of spec.recipe.objectives.entries()) {
        const objective = chosen[i]!;
        const newScope = (): ParameterScope => {
          const scope = new ParameterScope(random.fork(objective.name));
          return scope.within(objective.name);
        };
        const scope = newScope();
        const context: ObjectiveContext = {
          encoder,
          input: built.input,
          text,
          scope,
          buildTwin: async () => ({ encoder: await buildV(), scope: newScope() }),
          totalSteps: pretrainingSteps(spec.settings, rows.length).steps,
          augmentation: spec.settings.augmentation,
        };
        try {
          terms.push({ objective, weight, scope, built: await objective.build(context, settings) });
        } catch (error) {
          scope.dispose();
          throw error;
        }
      }
      return new PretrainingTask(spec, data, rows, built);
    } catch (error) {
      disposeOf(built);
      throw error;
    }
  }

  /** Use `build`. @param rows those of the training rows that the recipe can learn from. */
  constructor(spec: Pretraining, data: PretrainingData, rows: readonly number[], built: Built) {
    const { encoder, text, terms } = built;
    this.#spec = spec;
    this.#data = data;
    this.#built = built;
    this.rows = rows;
    this.#usesReports = text.hasEncoder;
    this.#views = Math.max(...terms.map((term) => term.built.views), 0);
    this.#numbers = numbersOf([...data.patients, ...data.reports]);
    this.variables = trained(built);
    this.buffers = [
      ...(encoder.buffers ?? []),
      ...terms.flatMap((term) => [...term.scope.buffers, ...(term.built.buffers ?? [])]),
    ];
    this.couplesExamples = terms.some(({ objective }) => objective.couplesExamples);
    this.sharedInputs = terms.flatMap(({ objective, built: { sharedInputs = [] } }) =>
      sharedInputs.map((name) => ownName(objective, name)),
    );
    this.#validationLoss = new CapturedStep({
      state: [],
      compute: (inputs) => ({ loss: this.#sum(inputs, 1, false) }),
    });
  }

  /** V as it is now. */
  get encoder(): ImageEncoder {
    return this.#built.encoder;
  }

  /** Films as V reads them. */
  get input(): EncoderInput {
    return this.#built.input;
  }

  /** T and its tokens. */
  get text(): TextSide {
    return this.#built.text;
  }

  /** The recipe's objectives, in its order. */
  get terms(): readonly Term[] {
    return this.#built.terms;
  }

  async load(rows: readonly number[], random: Random, step: number): Promise<HostTensors> {
    const { films, reports } = this.#data;
    const { augmentation } = this.#spec.settings;
    const side = this.input.height;
    const views = Array.from({ length: this.#views }, (_, view) => {
      const drawn = drawAugmentations(augmentation, rows.length, random.fork('view').fork(view));
      return [passInputs.view(view), augmentationTable(drawn, rows.length, side)] as const;
    });
    const batch = { rows, reports: rows.map((row) => reports[row]!), step };
    const own = this.terms.flatMap(({ objective, built }) => {
      const loaded = built.load?.({ ...batch, random: random.fork(objective.name) }) ?? {};
      return Object.entries(loaded).map(([name, tensor]) => [ownName(objective, name), tensor] as const);
    });
    return {
      ...imageInputs(await films.read(rows), films.side, side, null),
      ...Object.fromEntries(views),
      ...this.#pairInputs(rows),
      ...Object.fromEntries(own),
    };
  }

  loss(inputs: Tensors, parts: number): tf.Scalar {
    return this.#sum(inputs, parts, true);
  }

  afterUpdate(inputs: Tensors): void {
    for (const { objective, built } of this.terms) built.afterUpdate?.(ownInputs(objective, inputs));
  }

  /** The recipe's loss on the validation patients, in whole batches: the same views, masks and batches at every validation. */
  async validate(): Promise<Validation> {
    const rows = rowsOf(
      this.terms.map(({ objective }) => objective),
      this.#data.validationRows,
      this.#data.reports,
    );
    const random = new Random(validationSeed);
    const size = Math.min(this.#spec.settings.batchSize, rows.length);
    const batches = Math.floor(rows.length / size);
    const load = (batch: number): Promise<HostTensors> =>
      this.load(rows.slice(batch * size, (batch + 1) * size), random.fork(batch), 1);
    let sum = 0;
    for await (const [loss] of runBatches(this.#validationLoss, 'loss', batches, load)) sum += loss!;
    return { loss: sum / batches, auroc: undefined };
  }

  dispose(): void {
    this.#validationLoss.dispose();
    disposeOf(this.#built);
  }

  /** A pass over a batch that `load` loaded. */
  pass(inputs: Tensors, parts: number, training: boolean): ForwardPass {
    const { encoder, input, text } = this.#built;
    const textEncoder = this.#usesReports ? text.encoder() : null;
    return new ForwardPass({ encoder, textEncoder, input, films: this.#data.films, parts, training }, inputs);
  }

  #sum(inputs: Tensors, parts: number, training: boolean): tf.Scalar {
    const forward = this.pass(inputs, parts, training);
    const losses = this.terms.map((term) => {
      const { objective, built, weight } = term;
      const loss =
        objective.couplesExamples || parts === 1
          ? built.loss(forward, ownInputs(objective, inputs))
          : this.#lossInParts(term, forward, inputs);
      return weight === 1 ? loss : tf.mul<tf.Scalar>(loss, weight);
    });
    return losses.reduce((sum, loss) => tf.add(sum, loss));
  }

  /** Where other objectives couple the batch, one that does not takes its parts one by one, each computed again for its gradients. */
  #lossInParts({ objective, built, scope }: Term, forward: ForwardPass, inputs: Tensors): tf.Scalar {
    const { parts, training } = forward;
    const variables = [...built.variables, ...scope.variables.map(({ variable }) => variable)];
    const names = Object.keys(inputs);
    const lossOf = (...tensors: tf.Tensor[]): tf.Scalar => {
      const some: Tensors = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
      return built.loss(this.pass(some, 1, training), ownInputs(objective, some));
    };
    const losses = Array.from({ length: parts }, (_, part) => {
      const some = names.map((name) =>
        this.sharedInputs.includes(name) ? inputs[name]! : forward.slice(inputs[name]!, part),
      );
      return training ? recomputed(lossOf, [], variables, some) : lossOf(...some);
    });
    // Two at a time: one sum of them all would bind more buffers than a shader may have.
    const sum = losses.reduce((a, b) => tf.add(a, b));
    return tf.mul<tf.Scalar>(sum, 1 / parts);
  }

  /** Reports as T reads them, and who and what belongs together. */
  #pairInputs(rows: readonly number[]): HostTensors {
    const { reports, patients } = this.#data;
    const numbered = (names: readonly string[]): HostTensor => ({
      shape: [rows.length],
      dtype: 'int32',
      values: Int32Array.from(rows, (row) => this.#numbers.get(names[row]!)!),
    });
    return {
      ...(this.#usesReports && {
        [passInputs.reports]: encoded(
          this.text,
          rows.map((row) => reports[row]!),
        ),
      }),
      ...(this.#spec.settings.groupNegatives && {
        [passInputs.patient]: numbered(patients),
        ...(this.#usesReports && { [passInputs.wording]: numbered(reports) }),
      }),
    };
  }
}

/** Reports as T reads them, [reports, width]. */
export function encoded(text: TextSide, reports: readonly string[]): HostTensor {
  const fitted = text.fitted();
  const { width, dtype } = fitted;
  const values =
    dtype === 'int32' ? new Int32Array(reports.length * width) : new Float32Array(reports.length * width);
  reports.forEach((report, i) => values.set(fitted.encode(report), i * width));
  return { shape: [reports.length, width], dtype, values };
}

function objectiveNamed(name: string): Objective {
  const objective = objectives[name];
  if (!objective) {
    const names = Object.keys(objectives).join(', ');
    throw new InputError(`There is no objective of pre-training "${name}". Choose of: ${names}.`);
  }
  return objective;
}

/** Recipes that use reports learn from films that have one. */
function rowsOf(
  chosen: readonly Objective[],
  rows: readonly number[],
  reports: readonly string[],
): readonly number[] {
  const usesReports = chosen.some(({ uses }) => uses !== 'image');
  const found = usesReports ? rows.filter((row) => (reports[row] ?? '').trim() !== '') : rows;
  if (found.length < 2)
    throw new InputError(
      usesReports
        ? 'Pre-training on reports needs at least two films with a report in training and two in validation.'
        : 'Pre-training needs at least two films in training and two in validation.',
    );
  return found;
}

/** V's weights, T's where it was asked for, and those of the objectives. */
function trained({ encoder, text, terms }: Built): readonly NamedVariable[] {
  const prefixed = (prefix: string, variables: readonly NamedVariable[]): NamedVariable[] =>
    variables.map((variable) => ({ ...variable, name: `${prefix}${variable.name}` }));
  return [
    ...encoder.variables,
    ...(text.hasEncoder ? prefixed('text.', text.encoder().variables) : []),
    ...terms.flatMap(({ scope }) => scope.variables),
  ];
}

function disposeOf({ encoder, text, terms }: Built): void {
  for (const { built, scope } of terms) {
    built.dispose?.();
    scope.dispose();
  }
  text.dispose();
  encoder.dispose();
}

function numbersOf(names: readonly string[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return numbers;
}

function ownName({ name }: Objective, input: string): string {
  return `${name}: ${input}`;
}

function ownInputs({ name }: Objective, inputs: Tensors): Tensors {
  const prefix = `${name}: `;
  const own = Object.entries(inputs).filter(([input]) => input.startsWith(prefix));
  return Object.fromEntries(own.map(([input, tensor]) => [input.slice(prefix.length), tensor]));
}
