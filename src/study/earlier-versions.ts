/**
 * Version 1 of a study's configuration called one field otherwise: `pretraining.validateEveryImages` was `lookEveryImages`. Files and records
 * of version 1 are still read. Ids are still hashes of version 1, so that what was computed before is found under them.
 */
import type { PretrainingSettings } from '../training/pre-training.ts';
import type { StudyConfig } from './config.ts';

const [firstName, nameNow] = ['lookEveryImages', 'validateEveryImages'] as const;

/** A record with members under new names; the record itself when it has none of the old ones. @param names new ones by old ones. */
export function renameMembers(record: object, names: Readonly<Record<string, string>>): object {
  const entries = Object.entries(record);
  if (!entries.some(([name]) => Object.hasOwn(names, name))) return record;
  return Object.fromEntries(entries.map(([name, value]) => [names[name] ?? name, value as unknown]));
}

/** Settings of a pre-training from either version. */
export function currentPretraining(settings: object): PretrainingSettings {
  return renameMembers(settings, { [firstName]: nameNow }) as PretrainingSettings;
}

/** Settings of a pre-training as version 1 wrote them, for ids. */
export function firstPretraining(settings: PretrainingSettings): object {
  return renameMembers(settings, { [nameNow]: firstName });
}

/** JSON of version 1 as version 2 would have written it; anything else as it is, to be checked by whoever reads it. */
export function currentConfig(json: unknown): unknown {
  if (!isRecord(json) || json['version'] !== 1) return json;
  const { pretraining } = json;
  return {
    ...json,
    version: 2,
    ...(isRecord(pretraining) && { pretraining: currentPretraining(pretraining) }),
  };
}

/** A configuration as version 1 wrote it, for ids. */
export function firstConfig(config: StudyConfig): object {
  const { pretraining } = config;
  return { ...config, version: 1, ...(pretraining && { pretraining: firstPretraining(pretraining) }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
