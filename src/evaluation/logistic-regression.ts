/**
 * L2-regularized logistic regression by Newton's method, in double precision: for a few hundred features and rows, where an exact
 * optimum is worth more than speed.
 *
 * Minimizes ½‖w‖² + C·Σᵢ sᵢ·logLossᵢ. Two classes share one logit; three and more have a softmax with one weight vector each.
 * See Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning" (2009), section 4.4.
 */
import { solvePositiveDefinite } from './positive-definite.ts';

/** How a regression is fitted. */
export interface LogisticRegressionOptions {
  /** C: how much the data weigh against the penalty; > 0. */
  readonly inverseRegularization: number;
  /** Whether the intercept is penalized as the weights are (liblinear does, lbfgs does not). */
  readonly penalizeIntercept: boolean;
  /** Whether classes weigh the same however rare: sᵢ = rows / (classes · rows of the class). Else sᵢ = 1. */
  readonly balanced: boolean;
}

type Penalty = Omit<LogisticRegressionOptions, 'balanced'>;

/** A fitted regression. */
export interface LogisticRegression {
  readonly classes: number;
  /** [logits, features]: one logit for two classes, else one per class. */
  readonly weights: readonly Float64Array[];
  /** [logits]; with three and more classes their mean is 0. */
  readonly intercepts: Float64Array;
}

const maxSteps = 100;
const gradientTolerance = 1e-10;

/**
 * Fits a regression.
 * @param matrix [rows, features], finite. @param labels [rows], each an integer in [0, classes).
 * @throws RangeError when a class has no row, or the optimum is not reached.
 */
export function fitLogisticRegression(
  matrix: readonly ArrayLike<number>[],
  labels: readonly number[],
  options: LogisticRegressionOptions,
): LogisticRegression {
  const counts = countClasses(labels);
  const rowWeights = labels.map((label) =>
    options.balanced ? labels.length / (counts.length * counts[label]!) : 1,
  );
  const targets = labels.map((label) => Float64Array.from(counts, (_, k) => Number(k === label)));
  return minimize(matrix, targets, rowWeights, options);
}

/**
 * Fits a regression of two classes to probabilities in place of labels, as a distilled student is: minimizes
 * ½‖w‖² − C·Σᵢ (tᵢ·log pᵢ + (1 − tᵢ)·log(1 − pᵢ)), equal to `fitLogisticRegression` where each tᵢ is 0 or 1.
 * Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015), https://arxiv.org/abs/1503.02531, section 2.
 * @param matrix [rows, features], finite. @param targets [rows], each in [0, 1].
 * @throws RangeError when a target is outside [0, 1], or the optimum is not reached.
 */
export function fitSoftLogisticRegression(
  matrix: readonly ArrayLike<number>[],
  targets: readonly number[],
  options: Omit<LogisticRegressionOptions, 'balanced'>,
): LogisticRegression {
  const outside = targets.findIndex((target) => !(target >= 0 && target <= 1));
  if (outside >= 0)
    throw new RangeError(
      `fitSoftLogisticRegression: targets must be in [0, 1], got ${targets[outside]} in row ${outside}`,
    );
  const pairs = targets.map((target) => Float64Array.of(1 - target, target));
  return minimize(
    matrix,
    pairs,
    targets.map(() => 1),
    options,
  );
}

/** Newton's method from weights of zero. @param targets [rows, classes], each row with a sum of 1. */
function minimize(
  matrix: readonly ArrayLike<number>[],
  targets: readonly Float64Array[],
  rowWeights: readonly number[],
  options: Penalty,
): LogisticRegression {
  const classes = targets[0]!.length;
  const logits = classes === 2 ? 1 : classes;
  const width = matrix[0]!.length + 1;
  // The intercept is the weight of a last column of ones.
  const rows = matrix.map((row) => Float64Array.from([...Array.from(row), 1]));
  const objective = new Objective(rows, targets, rowWeights, logits, options);
  let parameters = new Float64Array(logits * width);
  for (let step = 0; step < maxSteps; step++) {
    const { value, gradient, hessian } = objective.at(parameters);
    if (Math.max(...gradient.map(Math.abs)) <= gradientTolerance * (1 + options.inverseRegularization))
      return unpack(parameters, classes, width);
    parameters = descend(objective, parameters, solvePositiveDefinite(hessian, gradient), value);
  }
  throw new RangeError(`fitLogisticRegression: no optimum after ${maxSteps} Newton steps`);
}

/** Probabilities [rows, classes] of new rows [rows, features]. */
export function predictLogisticRegression(
  { classes, weights, intercepts }: LogisticRegression,
  matrix: readonly ArrayLike<number>[],
): Float64Array[] {
  return matrix.map((row) => {
    const logits = weights.map((weight, k) =>
      weight.reduce((sum, value, j) => sum + value * row[j]!, intercepts[k]!),
    );
    return Float64Array.from(softmax(classes === 2 ? [0, logits[0]!] : logits));
  });
}

/** The penalized loss with its first and second derivatives. */
class Objective {
  readonly #rows: readonly Float64Array[];
  readonly #targets: readonly Float64Array[];
  readonly #rowWeights: readonly number[];
  readonly #logits: number;
  readonly #options: Penalty;

  constructor(
    rows: readonly Float64Array[],
    targets: readonly Float64Array[],
    rowWeights: readonly number[],
    logits: number,
    options: Penalty,
  ) {
    this.#rows = rows;
    this.#targets = targets;
    this.#rowWeights = rowWeights;
    this.#logits = logits;
    this.#options = options;
  }

  /** The value alone. */
  value(parameters: Float64Array): number {
    const width = this.#rows[0]!.length;
    let value = 0;
    for (let p = 0; p < parameters.length; p++) {
      value += 0.5 * this.#penalty(p, width) * parameters[p]! ** 2;
    }
    for (let i = 0; i < this.#rows.length; i++) {
      const probabilities = this.#probabilities(parameters, this.#rows[i]!);
      const weight = this.#options.inverseRegularization * this.#rowWeights[i]!;
      const targets = this.#targets[i]!;
      // A class with target 0 contributes nothing: 0 · log 0 = 0.
      for (let k = 0; k < targets.length; k++) {
        if (targets[k]! > 0) value -= weight * targets[k]! * Math.log(probabilities[k]!);
      }
    }
    return value;
  }

  at(parameters: Float64Array): { value: number; gradient: Float64Array; hessian: Float64Array[] } {
    const width = this.#rows[0]!.length;
    const size = parameters.length;
    const gradient = parameters.map((w, p) => this.#penalty(p, width) * w);
    const hessian = Array.from({ length: size }, (_, p) => {
      const line = new Float64Array(size);
      line[p] = this.#penalty(p, width);
      // Softmax intercepts are free up to a common constant: this holds their mean at 0.
      if (this.#logits > 1 && p % width === width - 1)
        for (let q = width - 1; q < size; q += width) line[q]! += 1;
      return line;
    });
    this.#rows.forEach((row, i) => this.#addRow(parameters, row, i, gradient, hessian));
    return { value: this.value(parameters), gradient, hessian };
  }

  #addRow(
    parameters: Float64Array,
    row: Float64Array,
    i: number,
    gradient: Float64Array,
    hessian: readonly Float64Array[],
  ): void {
    const weight = this.#options.inverseRegularization * this.#rowWeights[i]!;
    const all = this.#probabilities(parameters, row);
    // A single logit is that of class 1.
    const first = this.#logits === 1 ? 1 : 0;
    const width = row.length;
    for (let k = 0; k < this.#logits; k++) {
      const p = all[k + first]!;
      const residual = weight * (p - this.#targets[i]![k + first]!);
      for (let j = 0; j < width; j++) gradient[k * width + j]! += residual * row[j]!;
      for (let l = 0; l <= k; l++) {
        const curvature = weight * p * (Number(k === l) - all[l + first]!);
        for (let j = 0; j < width; j++) {
          if (row[j] === 0) continue;
          const line = hessian[k * width + j]!;
          const factor = curvature * row[j]!;
          // The solver reads the lower triangle only.
          const end = l < k ? width : j + 1;
          for (let m = 0; m < end; m++) line[l * width + m]! += factor * row[m]!;
        }
      }
    }
  }

  #probabilities(parameters: Float64Array, row: Float64Array): number[] {
    const width = row.length;
    const logits = this.#logits === 1 ? [0] : [];
    for (let k = 0; k < this.#logits; k++) {
      let logit = 0;
      for (let j = 0; j < width; j++) logit += row[j]! * parameters[k * width + j]!;
      logits.push(logit);
    }
    return softmax(logits);
  }

  #penalty(parameter: number, width: number): number {
    return parameter % width === width - 1 && !this.#options.penalizeIntercept ? 0 : 1;
  }
}

/** A Newton step, halved until the objective does not rise. */
function descend(
  objective: Objective,
  from: Float64Array,
  direction: Float64Array,
  value: number,
): Float64Array<ArrayBuffer> {
  for (let scale = 1; scale > 1e-10; scale /= 2) {
    const next = Float64Array.from(from, (w, p) => w - scale * direction[p]!);
    if (objective.value(next) <= value + 1e-12 * Math.abs(value)) return next;
  }
  throw new RangeError('fitLogisticRegression: no step goes downhill; are all numbers finite?');
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function countClasses(labels: readonly number[]): number[] {
  const counts = Array.from(
    { length: Math.max(1, ...labels) + 1 },
    (_, k) => labels.filter((l) => l === k).length,
  );
  const empty = counts.indexOf(0);
  if (empty >= 0) throw new RangeError(`fitLogisticRegression: class ${empty} has no row`);
  return counts;
}

function unpack(parameters: Float64Array, classes: number, width: number): LogisticRegression {
  const logits = parameters.length / width;
  return {
    classes,
    weights: Array.from({ length: logits }, (_, k) => parameters.slice(k * width, (k + 1) * width - 1)),
    intercepts: Float64Array.from({ length: logits }, (_, k) => parameters[(k + 1) * width - 1]!),
  };
}
