/**
 * The preprocessor_config.json that transformers keeps beside its weights: how intensities were scaled and normalised.
 */
import * as v from 'valibot';
import { InputError } from '../../errors.ts';
import { parseJson } from './json-beside-weights.ts';
import { largestMean, type ChannelNormalisation } from './model-config.ts';

const positive = v.pipe(v.number(), v.finite(), v.minValue(1e-9));

const schema = v.looseObject({
  image_mean: v.nullish(v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1))),
  image_std: v.nullish(v.pipe(v.array(positive), v.minLength(1))),
  do_normalize: v.nullish(v.boolean()),
  do_rescale: v.nullish(v.boolean()),
  rescale_factor: v.nullish(positive),
  rescale_offset: v.nullish(v.boolean()),
});

/** Whether a file's name is that of such a file. */
export function isPreprocessorName(name: string): boolean {
  return /(?:^|[^a-z])preprocessor_config\.json$/i.test(name);
}

/**
 * How a film in [0, 1] is normalised, when a byte b goes in as (b · factor − mean) / std: transformers multiplies bytes by 1 / 255 unless the
 * file says otherwise.
 * @returns null when the file does not tell the mean of intensities.
 * @throws InputError when it is not JSON, or a value in it cannot be meant.
 */
export function parsePreprocessor(content: string, fileName: string): ChannelNormalisation | null {
  const result = v.safeParse(schema, parseJson(content, fileName));
  if (!result.success) {
    const place = v.getDotPath(result.issues[0]) ?? 'the whole file';
    throw new InputError(
      `${fileName} does not tell how images are scaled: ${place}, ${result.issues[0].message}. Take it from the model’s folder again, or leave it out.`,
    );
  }
  const said = result.output;
  if (said.rescale_offset === true)
    throw new InputError(
      `${fileName} moves intensities by an offset ("rescale_offset"), which is not done here. Leave the file out and choose the intensities instead.`,
    );
  // transformers has a mean of its own for each kind of network where the file has none; it is not 0.
  if (said.image_mean == null && said.do_normalize !== false) return null;
  const perUnit = 255 * (said.do_rescale === false ? 1 : (said.rescale_factor ?? 1 / 255));
  const normalises = said.do_normalize !== false && said.image_mean != null;
  const [means, deviations] = normalises ? [said.image_mean!, said.image_std ?? []] : [[0], [1]];
  if (means.length !== deviations.length)
    throw new InputError(
      `${fileName} has ${means.length} means and ${deviations.length} standard deviations of intensities; there should be as many of each.`,
    );
  const mean = means.map((own) => own / perUnit);
  if (mean.some((own) => Math.abs(own) > largestMean))
    throw new InputError(
      `${fileName} has means of ${means.join(', ')}, as of intensities from 0 to 255, but scales intensities to 0 to ${Number(perUnit.toPrecision(3))} before. Divide means and standard deviations by 255, or set "do_rescale" to false, whichever the network was trained with.`,
    );
  return { mean, standardDeviation: deviations.map((deviation) => deviation / perUnit) };
}
