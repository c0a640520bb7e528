/** Losses of pre-training without pairs of text, against the golden numbers (PyTorch in float64), on cpu and webgpu. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dinoLoss, dinoTargets, movedCentre } from '../../src/losses/dino.ts';
import { maskedLanguageLoss } from '../../src/losses/masked-language.ts';
import { maskedPatchError, normalisedPatches } from '../../src/losses/masked-patches.ts';
import { barlowTwins, vicreg } from '../../src/losses/redundancy.ts';
import { toPatches } from '../../src/models/encoders/vit.ts';
import { backends, useBackend } from '../backends.ts';
import { draws } from '../kernels/device.ts';
import { checkLoss, expectAgrees, tensorOf } from './check-loss.ts';
import { readReference, type ReferenceArray, type ReferenceCase } from './reference.ts';

type Arrays = Readonly<Record<string, ReferenceArray>>;

async function casesOf(path: string): Promise<readonly ReferenceCase[]> {
  const { cases } = await readReference(path);
  expect(cases.length).toBeGreaterThan(0);
  return cases;
}

const views = (all: tf.Tensor): tf.Tensor2D[] => tf.unstack(all) as tf.Tensor2D[];

describe.each(backends)('pre-training losses on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('losses/vicreg.json', async () => {
    for (const reference of await casesOf('losses/vicreg.json')) {
      const args = reference.args as unknown as Record<string, number> & { variant: string };
      const settings = {
        variant: args.variant === 'paper' ? 'paper' : 'officialCode',
        invariance: args['lambda_inv']!,
        variance: args['mu_var']!,
        covariance: args['nu_cov']!,
        target: args['gamma']!,
        epsilon: args['eps']!,
      } as const;
      await checkLoss(reference, (a, b) => vicreg(a as tf.Tensor2D, b as tf.Tensor2D, settings));
    }
  });

  test('losses/barlow_twins.json', async () => {
    for (const reference of await casesOf('losses/barlow_twins.json')) {
      const { lambda, eps } = reference.args as unknown as { lambda: number; eps: number };
      await checkLoss(reference, (a, b) => barlowTwins(a as tf.Tensor2D, b as tf.Tensor2D, lambda, eps));
    }
  });

  test('losses/dino.json', async () => {
    for (const reference of await casesOf('losses/dino.json')) {
      const args = reference.args as unknown as Record<string, number>;
      const temperature = tf.scalar(args['teacher_temp']!);
      await checkLoss(reference, (student, teacher, centre) =>
        dinoLoss(views(student), views(teacher), centre as tf.Tensor1D, args['student_temp']!, temperature),
      );
      const [inputs, expected] = [reference.inputs as Arrays, reference.expected as Arrays];
      const teacher = views(tensorOf(inputs['teacher']!));
      const centre = tensorOf(inputs['center']!) as tf.Tensor1D;
      const targets = tf.stack(teacher.map((logits) => dinoTargets(logits, centre, temperature)));
      const moved = movedCentre(centre, teacher, args['center_momentum']!);
      expectAgrees(reference, 'targets', await targets.data(), expected['teacher_probabilities']!);
      expectAgrees(reference, 'centre', await moved.data(), expected['new_center']!);
    }
  });

  test('DINO with more views than a shader may have buffers is the mean over pairs', async () => {
    const [films, outputs, count] = [3, 5, 12];
    const values = Array.from({ length: count }, (_, v) => draws([films, outputs], `view ${v}`));
    const softmax = (row: number[], temperature: number): number[] => {
      const powers = row.map((z) => Math.exp(z / temperature));
      return powers.map((power) => power / powers.reduce((sum, p) => sum + p, 0));
    };
    const row = (v: number, n: number): number[] => [...values[v]!.subarray(n * outputs, (n + 1) * outputs)];
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < 2; i++) {
      for (let v = 0; v < count; v++) {
        if (v === i) continue;
        pairs++;
        for (let n = 0; n < films; n++) {
          const [target, student] = [softmax(row(i, n), 0.5), softmax(row(v, n), 0.7)];
          sum -= target.reduce((total, t, k) => total + t * Math.log(student[k]!), 0) / films;
        }
      }
    }
    const student = values.map((v) => tf.tensor2d(v, [films, outputs]));
    const centre = tf.zeros<tf.Rank.R1>([outputs]);
    const loss = dinoLoss(student, student.slice(0, 2), centre, 0.7, tf.scalar(0.5));
    expect(Math.abs((await loss.data())[0]! - sum / pairs)).toBeLessThan(1e-5);
    tf.dispose([student, centre, loss]);
  });

  test('losses/mae.json', async () => {
    for (const reference of await casesOf('losses/mae.json')) {
      const { patch, norm_pix_loss: normalised } = reference.args as unknown as {
        patch: number;
        norm_pix_loss: boolean;
      };
      const target = (images: tf.Tensor): tf.Tensor3D => {
        const patches = toPatches(tf.transpose(images as tf.Tensor4D, [0, 2, 3, 1]), patch);
        return normalised ? normalisedPatches(patches) : patches;
      };
      const inputs = Object.keys(reference.inputs);
      await checkLoss(reference, (...given) => {
        const [images, prediction, mask] = ['images', 'pred', 'mask'].map(
          (name) => given[inputs.indexOf(name)]!,
        );
        return maskedPatchError(
          prediction as tf.Tensor3D,
          target(images!),
          tf.cast<tf.Tensor2D>(mask as tf.Tensor2D, 'float32'),
        );
      });
      const targets = await target(tensorOf((reference.inputs as Arrays)['images']!)).data();
      expectAgrees(reference, 'patches', targets, (reference.expected as Arrays)['target_patches']!);
    }
  });

  test('losses/masked_lm.json', async () => {
    for (const reference of await casesOf('losses/masked_lm.json')) {
      const { ignore_index: ignored } = reference.args as unknown as { ignore_index: number };
      expect(ignored).toBe(-100);
      await checkLoss(reference, (logits, labels) => {
        const vocabulary = logits.shape.at(-1)!;
        return maskedLanguageLoss(
          tf.reshape(logits, [-1, vocabulary]),
          tf.reshape(tf.cast(labels, 'int32'), [-1]),
        );
      });
    }
  });
});
