/**
 * A number that a person may change, described once: forms are drawn from it, study files and settings are checked against it.
 */

/** Name, words and range of a number. */
export interface RangedField {
  readonly name: string;
  readonly label: string;
  /** Empty when it has none. */
  readonly unit: string;
  /** The range, both ends included. */
  readonly low: number;
  readonly high: number;
  /** A whole step takes whole numbers only; any other is how far a form's arrows go. */
  readonly step: number;
  /** What it does, or why it has its default. */
  readonly why: string;
}

/** A number with a default. */
export interface Field extends RangedField {
  /** The default. */
  readonly value: number;
}

/** A field whose name is known to the type checker. */
export type Named<F extends RangedField, Name extends string> = F & { readonly name: Name };

/** Settings by field name. */
export type FieldSettings = Readonly<Record<string, number>>;

/** True when the field takes whole numbers only. */
export function takesWholeNumbers({ step }: Pick<RangedField, 'step'>): boolean {
  return Number.isInteger(step);
}

/** What a number must be to fit its field, as the end of a sentence; null when it does. */
export function fieldProblem(
  field: Pick<RangedField, 'low' | 'high' | 'step'>,
  value: number,
): string | null {
  const { low, high } = field;
  const whole = takesWholeNumbers(field);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return null;
  return `a ${whole ? 'whole number' : 'number'} from ${low} to ${high}`;
}

/** The defaults by name. */
export function defaultsOf<Name extends string>(
  fields: readonly Named<Field, Name>[],
): Readonly<Record<Name, number>> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value])) as Record<Name, number>;
}

/**
 * Every field's setting, the default where none is given.
 * @param owner whose settings they are, for the message.
 * @throws RangeError when a setting has no field, or does not fit its field.
 */
export function completeSettings<Name extends string>(
  owner: string,
  fields: readonly Named<Field, Name>[],
  settings: FieldSettings,
): Readonly<Record<Name, number>> {
  const unknown = Object.keys(settings).filter((name) => !fields.some((field) => field.name === name));
  if (unknown.length > 0) {
    const known = fields.map((field) => field.name).join(', ');
    throw new RangeError(`${owner}: there is no setting "${unknown.join('", "')}"; it has ${known}`);
  }
  const complete = { ...defaultsOf(fields), ...settings };
  for (const field of fields) {
    const problem = fieldProblem(field, complete[field.name]);
    if (problem !== null)
      throw new RangeError(`${owner}: ${field.name} must be ${problem}, got ${complete[field.name]}`);
  }
  return complete;
}
