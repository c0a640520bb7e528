/**
 * Which variant of the matrix product runs which class of products: the table and the current choice, which nothing else reads. The choice
 * for convolutions is set with it.
 *
 * Variants differ in the order of their additions, so that the choice is a part of what a run can be repeated from: it is made once,
 * before training, and recorded with the results.
 */
import {
  chooseConvolutionWay,
  convolutionClasses,
  type ConvolutionClass,
} from '../convolution/convolution-ways.ts';
import { halfVariants } from '../matmul/matmul-half.ts';
import type { MatMulPlan, MatMulRequest, MatMulVariant } from '../matmul/matmul-plan.ts';
import type { Product } from '../matmul/matmul-product.ts';
import { registerVariant } from '../matmul/matmul-registers.ts';
import { subgroupVariant } from '../matmul/matmul-subgroup.ts';
import { tiledVariants } from '../matmul/matmul-tiled.ts';

const sizes = ['large', 'small', 'skinny'] as const;
const layouts = ['NN', 'NT', 'TN'] as const;

/** Which matrices lie transposed in memory: neither, B, or A. */
export type Layout = (typeof layouts)[number];
/** How many outputs there are, and whether they make a square tile. */
export type SizeClass = (typeof sizes)[number];
/** Products that one choice is made for. */
export type OperationClass = `matmul ${SizeClass} ${Layout}`;

/** All classes, the ones that most time is spent in first. */
export const operationClasses: readonly OperationClass[] = sizes.flatMap((size) =>
  layouts.map((layout): OperationClass => `matmul ${size} ${layout}`),
);

/**
 * Names of variants, or of ways of a convolution, by class. Classes that are left out run the register variant, and convolutions use their
 * default. Plain data.
 */
export type VariantChoices = Readonly<Partial<Record<OperationClass | ConvolutionClass, string>>>;

/** All variants; the first covers every product on every device. */
export const matMulVariants: readonly MatMulVariant[] = [
  registerVariant,
  ...tiledVariants,
  subgroupVariant,
  ...halfVariants,
];

let inForce: VariantChoices = {};
let chosen: ReadonlyMap<OperationClass, MatMulVariant> = new Map();

/**
 * Sets the choices, replacing the earlier ones. Call it before the first step of a training run, with the same choices for every
 * run that is to repeat another bit for bit.
 * @throws RangeError when a choice names no variant that this device can run.
 */
export function chooseVariants(choices: VariantChoices): void {
  const entries = operationClasses.flatMap((operation): [OperationClass, MatMulVariant][] => {
    const name = choices[operation];
    if (name === undefined) return [];
    const variant = matMulVariants.find((candidate) => candidate.name === name);
    if (!variant?.isAvailable()) {
      throw new RangeError(`chooseVariants: this device cannot run the variant "${name}" for ${operation}`);
    }
    return [[operation, variant]];
  });
  for (const operation of convolutionClasses) chooseConvolutionWay(operation, choices[operation]);
  chosen = new Map(entries);
  inForce = { ...choices };
}

/** The current choices. */
export function variantsInForce(): VariantChoices {
  return inForce;
}

/** How the product runs under the current choices; the register variant takes what the chosen one does not cover. */
export function planMatMul(request: MatMulRequest): MatMulPlan {
  return chosen.get(operationClassOf(request.product))?.plan(request) ?? registerVariant.plan(request);
}

/** The class of a product. */
export function operationClassOf(product: Product): OperationClass {
  const { batch, rows, columns, transposeA, transposeB } = product;
  const layout: Layout = transposeA ? 'TN' : transposeB ? 'NT' : 'NN';
  const skinny = Math.min(rows, columns) <= 16;
  const size: SizeClass = skinny ? 'skinny' : batch * rows * columns >= 2 ** 20 ? 'large' : 'small';
  return `matmul ${size} ${layout}`;
}
