/**
 * One worker behind a contract. A call never hangs: when the worker crashes, stops answering or is terminated, all pending calls are
 * rejected with a sentence. A plain Comlink call does not do this.
 */
import * as Comlink from 'comlink';
import type { WorkerError } from '../../workers/contract.ts';
import { DeviceLostError } from '../errors.ts';

/** When a worker counts as dead. */
export interface HeartbeatSettings {
  /** Time between two checks that the worker answers. */
  readonly everyMs: number;
  /**
   * Time without an answer after which the worker is terminated. It is long, because compiling shaders or resampling keeps a healthy worker
   * busy.
   */
  readonly silenceMs: number;
}

const defaultHeartbeat: HeartbeatSettings = { everyMs: 5_000, silenceMs: 180_000 };

type Remote = Record<string, (...values: unknown[]) => Promise<unknown>>;

/**
 * Holds at most one living worker, made when the first call needs it.
 * @typeParam Api the contract that the worker exposes with Comlink.
 */
export class WorkerClient<Api extends object> {
  readonly #name: string;
  readonly #create: () => Worker;
  readonly #heartbeat: HeartbeatSettings;
  readonly #pending = new Set<(reason: Error) => void>();
  readonly #onError: (sentence: string) => void;
  #worker: Worker | undefined;
  #remote: Remote | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastAnswer = 0;

  /** The contract; every method starts the worker when there is none. */
  readonly api: Api;

  /** @param onError told what went wrong in the worker outside of any call. */
  constructor(
    name: string,
    create: () => Worker,
    onError: (sentence: string) => void,
    heartbeat: HeartbeatSettings = defaultHeartbeat,
  ) {
    this.#name = name;
    this.#create = create;
    this.#onError = onError;
    this.#heartbeat = heartbeat;
    this.api = new Proxy({} as Api, {
      get: (_target, method) =>
        typeof method === 'string' && method !== 'then'
          ? (...values: unknown[]) => this.#call(method, values)
          : undefined,
    });
  }

  /** Calls that wait for an answer. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Ends the worker now and rejects what waits for it; the next call starts a fresh one. */
  end(sentence: string): void {
    clearInterval(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#remote = undefined;
    const waiting = [...this.#pending];
    this.#pending.clear();
    for (const reject of waiting) reject(new DeviceLostError(sentence));
  }

  #call(method: string, values: unknown[]): Promise<unknown> {
    const remote = this.#start();
    // Functions cannot be cloned; Comlink passes them by reference.
    const sent = values.map((value) =>
      typeof value === 'function' ? Comlink.proxy(value as () => unknown) : value,
    );
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      remote[method]!(...sent)
        .finally(() => this.#pending.delete(reject))
        .then(resolve, reject);
    });
  }

  #start(): Remote {
    if (this.#remote) return this.#remote;
    const worker = this.#create();
    const stopped = (why: string): void => {
      if (worker === this.#worker) this.end(`The ${this.#name} stopped: ${why.replace(/\.$/, '')}.`);
    };
    worker.addEventListener('error', (event) => {
      stopped(event.message || 'its code could not be loaded or failed');
    });
    // An unhandled rejection raises no error event, so calls that depend on it would wait for ever.
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isWorkerError(data)) return;
      this.#onError(`In the ${this.#name}: ${data.sentence}`);
      stopped(data.sentence);
    });
    const remote = Comlink.wrap<Remote>(worker) as unknown as Remote;
    this.#worker = worker;
    this.#remote = remote;
    this.#lastAnswer = performance.now();
    this.#timer = setInterval(() => this.#beat(worker), this.#heartbeat.everyMs);
    return remote;
  }

  /** Reads a property that no contract has: every worker that is alive answers, whatever it exposes. */
  #beat(worker: Worker): void {
    if (worker !== this.#worker || !this.#remote) return;
    void Promise.resolve(this.#remote['heartbeat']).then(() => {
      if (worker === this.#worker) this.#lastAnswer = performance.now();
    });
    // The check runs only while calls are pending.
    const silentMs = performance.now() - this.#lastAnswer;
    if (this.#pending.size > 0 && silentMs > this.#heartbeat.silenceMs) {
      this.end(`The ${this.#name} has not answered for ${Math.round(silentMs / 1000)} s and was terminated.`);
    }
  }
}

function isWorkerError(data: unknown): data is WorkerError {
  return typeof data === 'object' && data !== null && (data as Partial<WorkerError>).kind === 'workerError';
}
