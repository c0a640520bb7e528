/**
 * A worker that answers, refuses, hangs, blocks or crashes, as a test asks.
 */
import * as Comlink from 'comlink';
import { InputError } from '../../src/errors.ts';
import { reportRejections } from '../../workers/report-rejections.ts';

reportRejections();
Comlink.expose({
  async add(a: number, b: number, onSum: (sum: number) => Promise<void>): Promise<number> {
    await onSum(a + b);
    return a + b;
  },
  refuse(): never {
    throw new InputError('labels.csv is empty.');
  },
  hang(): Promise<never> {
    return new Promise(() => undefined);
  },
  block(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
  forget(): Promise<never> {
    void Promise.reject(new Error('nobody took it'));
    return new Promise(() => undefined);
  },
  stumble(): void {
    self.postMessage({ kind: 'workerError', sentence: 'A promise was forgotten.' });
  },
  crash(): Promise<never> {
    setTimeout(() => {
      throw new Error('out of a timer');
    });
    return new Promise(() => undefined);
  },
});
