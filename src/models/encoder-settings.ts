/**
 * Settings of encoders checked against their fields.
 */
import type { EncoderField, EncoderSettings } from './encoder.ts';

/**
 * Every field's setting, the default where none is given.
 * @param owner the encoder's name, for the message.
 * @throws RangeError when a setting has no field, or lies outside its field's range.
 */
export function completeSettings<Name extends string>(
  owner: string,
  fields: readonly (EncoderField & { readonly name: Name })[],
  settings: EncoderSettings,
): Readonly<Record<Name, number>> {
  const unknown = Object.keys(settings).filter((name) => !fields.some((field) => field.name === name));
  if (unknown.length > 0) {
    const known = fields.map((field) => field.name).join(', ');
    throw new RangeError(`${owner}: there is no setting "${unknown.join('", "')}"; it has ${known}`);
  }
  const entries = fields.map((field) => [field.name, checked(owner, field, settings[field.name])]);
  return Object.fromEntries(entries) as Readonly<Record<Name, number>>;
}

function checked(owner: string, field: EncoderField, given: number | undefined): number {
  const value = given ?? field.value;
  if (!(value >= field.low && value <= field.high)) {
    throw new RangeError(`${owner}: ${field.name} must be in [${field.low}, ${field.high}], got ${value}`);
  }
  return value;
}
