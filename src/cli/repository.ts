/**
 * Where the lab's files stand, for the commands that read or build them.
 */
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The folder that the build writes and the server serves. */
export const distFolder = fileURLToPath(new URL('../../dist/', import.meta.url));
