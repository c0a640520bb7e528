/**
 * Where the npm package webgpu keeps Dawn for Node.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { repositoryRoot } from './repository.ts';

/** Dawn for Node on this platform. @throws InputError where the package has none. */
export function dawnFile(): string {
  const platform = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;
  const file = join(repositoryRoot, 'node_modules', 'webgpu', 'dist', platform, 'dawn.node');
  if (!existsSync(file)) throw new InputError(`the package webgpu has no Dawn for ${platform}`);
  return file;
}
