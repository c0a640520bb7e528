/**
 * DINO: the student's output for small crops must match the output of a teacher, its own moving average, for large ones.
 *
 * M. Caron, H. Touvron, I. Misra, H. Jégou, J. Mairal, P. Bojanowski, A. Joulin, "Emerging properties in self-supervised vision
 * transformers", ICCV 2021, https://arxiv.org/abs/2104.14294.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors.ts';
import { assignInPlace } from '../kernels/assign.ts';
import { moveAverages } from '../kernels/optimizer/moving-average.ts';
import { unitRows } from '../kernels/normalisation/unit-rows.ts';
import { dinoLoss, movedCentre } from '../losses/dino.ts';
import { completeSettings } from '../models/field.ts';
import type { ImageEncoder } from '../models/encoder.ts';
import { constant, kaimingNormal, truncatedNormal } from '../models/layers/initializers.ts';
import { buildLinear, type Linear } from '../models/layers/linear.ts';
import type { ParameterScope } from '../models/parameter-scope.ts';
import type { NamedVariable } from '../models/parameters.ts';
import type { Projection } from '../models/projection.ts';
import { cosineBetween } from '../training/optimizers/schedule.ts';
import type { HostTensor, HostTensors } from '../tensors/host-tensor.ts';
import { augmentationTable, drawAugmentations } from '../transforms/augment.ts';
import type { ForwardPass } from './forward-pass.ts';
import { hiddenField } from './fields.ts';
import type { Objective, ObjectiveBatch } from './objective.ts';
import { objectiveFacts } from './objective-facts.ts';

const fields = [
  hiddenField(128, 'The paper has 2,048 for 65,536 outputs.'),
  {
    name: 'bottleneck',
    label: 'Length of the normalised bottleneck',
    unit: 'dimensions',
    low: 8,
    high: 512,
    step: 8,
    value: 64,
    why: 'The paper has 256.',
  },
  {
    name: 'outputs',
    label: 'Outputs of the head',
    unit: 'outputs',
    low: 16,
    high: 65536,
    step: 16,
    value: 512,
    why: 'The paper has 65,536 for a million images; hundreds of films need few.',
  },
  {
    name: 'localCrops',
    label: 'Small crops of a film',
    unit: 'crops',
    low: 0,
    high: 10,
    step: 1,
    value: 4,
    why: 'The paper has 8 to 10; each costs a quarter of a large one.',
  },
  {
    name: 'localCropArea',
    label: 'Smallest share of the film in a small crop',
    unit: 'share of the area',
    low: 0.05,
    high: 1,
    step: 0.05,
    value: 0.2,
    why: 'The paper goes down to 0.05, but such a crop would contain no finding.',
  },
  {
    name: 'teacherTemperature',
    label: 'Temperature of the teacher',
    unit: 'no unit',
    low: 0.01,
    high: 0.1,
    step: 0.01,
    value: 0.04,
    why: 'The paper’s, which it warms up to 0.07 in long runs.',
  },
  {
    name: 'momentum',
    label: 'Share of its weights that the teacher keeps each step',
    unit: 'share',
    low: 0.9,
    high: 0.9999,
    step: 0.0001,
    value: 0.996,
    why: 'The paper’s; it rises to 1 by a cosine.',
  },
] as const;

const studentTemperature = 0.1;
const centreMomentum = 0.9;
/** Small crops are rendered at half the side. */
const shrink = 2;

/** Two large views and some small ones. */
export const dino: Objective = {
  name: 'dino',
  label: 'DINO',
  paper: 'https://arxiv.org/abs/2104.14294',
  fields,
  smoke: { hidden: 16, bottleneck: 8, outputs: 16, localCrops: 1, momentum: 0.9 },
  ...objectiveFacts.dino,
  couplesExamples: true,
  async build({ encoder, input, scope, buildTwin, totalSteps, augmentation }, settings) {
    const complete = completeSettings('dino', fields, settings);
    const { localCrops, localCropArea, teacherTemperature, momentum } = complete;
    const cropSide = input.height / shrink;
    if (localCrops > 0 && cropSide % (encoder.patches?.patch ?? 1) !== 0)
      throw new InputError(
        `DINO reads small crops at ${cropSide} px, which is no multiple of the encoder's patch of ${encoder.patches?.patch ?? 1} px. Choose another film side or patch, or no small crops.`,
      );
    const student = buildHead(scope.within('head'), encoder.dimensions, complete);
    const twin = await buildTwin();
    const teacher = buildHead(twin.scope.within('head'), encoder.dimensions, complete);
    const centre = scope.buffer('centre', [complete.outputs], constant(0)) as tf.Variable<tf.Rank.R1>;
    const followed = (): readonly NamedVariable[] => [...encoder.variables, ...scope.variables];
    const averages: readonly NamedVariable[] = [...twin.encoder.variables, ...twin.scope.variables];
    const crops = { ...augmentation, minCropArea: localCropArea };

    const load = ({ rows, random, step }: ObjectiveBatch): HostTensors => {
      const table = (crop: number): HostTensor =>
        augmentationTable(
          drawAugmentations(crops, rows.length, random.fork(crop)),
          rows.length,
          input.height,
        );
      const decay = cosineBetween(momentum, 1, step / totalSteps);
      return {
        ...Object.fromEntries(Array.from({ length: localCrops }, (_, i) => [`crop ${i}`, table(i)])),
        decay: { shape: [], dtype: 'float32', values: Float32Array.of(decay) },
      };
    };
    return {
      views: 2,
      variables: encoder.variables.map(({ variable }) => variable),
      buffers: averages.map((average) => ({ ...average, name: `dino.teacher.${average.name}` })),
      load,
      sharedInputs: ['decay'],
      loss: (forward, inputs) => {
        const views = [forward.embedding(0), forward.embedding(1)];
        for (let i = 0; i < localCrops; i++) {
          const crop = tf.avgPool(
            forward.prepare(inputs[`crop ${i}`] as tf.Tensor2D),
            shrink,
            shrink,
            'valid',
          );
          views.push(forward.embed(encoder, crop));
        }
        const told = [0, 1].map((view) => teacher(teach(forward, twin.encoder, view)));
        const loss = dinoLoss(
          views.map(student),
          told,
          centre,
          studentTemperature,
          tf.scalar(teacherTemperature),
        );
        if (forward.training) assignInPlace(centre, movedCentre(centre, told, centreMomentum));
        return loss;
      },
      afterUpdate: ({ decay }) => {
        const values = followed();
        const pairs = averages.map(({ variable }, i) => ({ average: variable, value: values[i]!.variable }));
        moveAverages(pairs, decay as tf.Scalar);
      },
      dispose: () => {
        twin.encoder.dispose();
        twin.scope.dispose();
      },
    };
  },
};

/** The teacher's embedding of a view; nothing is recorded of it, since its weights are buffers. */
function teach(forward: ForwardPass, teacher: ImageEncoder, view: number): tf.Tensor2D {
  return forward.embed(teacher, forward.films(view));
}

/**
 * Three layers with GELU to a bottleneck of length 1, then outputs by cosine: their weights are normalised and have no bias (weight
 * normalisation with its gain held at 1).
 */
function buildHead(
  scope: ParameterScope,
  inputs: number,
  {
    hidden,
    bottleneck,
    outputs,
  }: { readonly hidden: number; readonly bottleneck: number; readonly outputs: number },
): Projection {
  // Not the paper's 0.02, which keeps the scale of signals with 2,048 units but shrinks it with few.
  const layer = (i: number, from: number, to: number, activation: 'gelu' | 'linear'): Linear =>
    buildLinear(scope.within('mlp').within(i), from, to, { weight: kaimingNormal(from), activation });
  const first = layer(0, inputs, hidden, 'gelu');
  const second = layer(1, hidden, hidden, 'gelu');
  const third = layer(2, hidden, bottleneck, 'linear');
  const last = scope.weight('last_layer', [outputs, bottleneck], truncatedNormal(0.02), { decay: true });
  return (x) => {
    const z = unitRows(third(second(first(x))));
    return tf.matMul(z, unitRows(last as tf.Tensor2D), false, true);
  };
}
