/** A captured step of a vision transformer: how many dispatches it takes, and that it computes what the step run eagerly does. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildVisionTransformer } from '../../src/models/encoders/vit.ts';
import { Random } from '../../src/random/random.ts';
import { compileProgram } from '../../src/tensors/program.ts';
import type { Step } from '../../src/tensors/step.ts';
import { useBackend } from '../backends.ts';
import { difference, draws, hasWebgpu } from '../kernels/device.ts';

const webgpu = await hasWebgpu();

// Without an adapter there is nothing to capture; software WebGPU stands in where Chromium has it.
describe.skipIf(!webgpu)(
  'a captured vision transformer (skipped where the browser has no WebGPU adapter)',
  () => {
    it('takes at most 115 dispatches forward and back at depth 4, and gives the gradients of the eager step', async () => {
      await useBackend('webgpu');
      const encoder = buildVisionTransformer(
        {
          side: 16,
          patch: 4,
          inputChannels: 1,
          dimensions: 32,
          depth: 4,
          heads: 4,
          mlpRatio: 4,
          layerScale: null,
        },
        new Random(1),
      );
      const variables = encoder.variables.map(({ variable }) => variable);
      const films = {
        shape: [16, 16, 16, 1],
        dtype: 'float32' as const,
        values: draws([16, 16, 16, 1], 'films'),
      };
      const step = (eager: boolean): Step => ({
        inputs: { films },
        state: [],
        eager,
        compute: ({ films: x }) => {
          const loss = (): tf.Scalar => tf.sum(tf.square(encoder.forward(x as tf.Tensor4D, true)));
          const { value, grads } = tf.variableGrads(loss, variables);
          return { loss: value, ...grads };
        },
      });
      const [replayed, eager] = [await compileProgram(step(false)), await compileProgram(step(true))];
      replayed.run({ films });
      eager.run({ films });
      for (const name of ['loss', ...variables.map((variable) => variable.name)]) {
        expect(difference(await replayed.read(name), await eager.read(name)), name).toBe(0);
      }
      expect(replayed.cost.dispatches).toBeLessThanOrEqual(115);
      replayed.dispose();
      eager.dispose();
      encoder.dispose();
    });
  },
);
