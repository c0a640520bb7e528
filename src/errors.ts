/**
 * Errors that can be told apart after they leave a worker.
 *
 * RangeError and TypeError mean mistakes in our code; the classes here mean problems from outside. Comlink passes on an error's name and
 * message, so each class is recognised by its name.
 */

/** Something in a person's files or settings cannot be used; the message says which file or row, what was expected, what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The graphics device is gone. The worker that held it must end; a fresh one goes on from the last checkpoint. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** This browser offers no usable WebGPU adapter. */
export class NoDeviceError extends Error {
  override readonly name = 'NoDeviceError';
}

/** A loss, gradient or prediction is no longer finite; the message names the step. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';
}

/** The person asked for the work to stop. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** The storage that the browser grants to this page is full. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}

/** The name by which an error is told apart after it crossed a worker border. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** The sentence to show for an error of any kind. */
export function errorSentence(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' ? error : 'An unknown error, without a message.';
}
