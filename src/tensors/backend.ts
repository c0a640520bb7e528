/**
 * Starts TensorFlow.js on WebGPU, on a device of our own, and reports when the device is lost. This is the only file that chooses a
 * backend, so nothing falls back to another one silently.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { DeviceLostError, NoDeviceError } from '../errors.ts';

/** What the lab says of the graphics device in results and on the screen. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True when the "device" is software on the processor: right numbers, slowly. */
  readonly software: boolean;
  readonly maxBufferBytes: number;
  /** Those of `wantedFeatures` that are on, in that order. */
  readonly features: readonly WantedFeature[];
}

/** Features that kernels can use where the adapter has them; none is required, and each is used independently of the others. */
const wantedFeatures = ['timestamp-query', 'subgroups', 'shader-f16'] as const;

/** A feature that kernels can use. */
export type WantedFeature = (typeof wantedFeatures)[number];

/** What a kernel must know of the device before it is written. */
export interface DeviceAbilities {
  readonly features: readonly WantedFeature[];
  /** Workgroup memory of one workgroup, in bytes. */
  readonly workgroupBytes: number;
  /** Threads of one workgroup. */
  readonly workgroupThreads: number;
}

/** A running device. */
export interface Device {
  readonly info: AdapterInfo;
  /** Settles with a DeviceLostError's message when the device is lost; never otherwise. */
  readonly lost: Promise<string>;
  /** @throws DeviceLostError when the device is lost or TensorFlow.js no longer runs on it. Cheap; call it around every result. */
  assertAlive(): void;
}

let running: Promise<Device> | undefined;
let software = false;
let abilities: DeviceAbilities = { features: [], workgroupBytes: 16384, workgroupThreads: 256 };

/** True while WebGPU runs in software on the processor, where few long threads without barriers are fastest. */
export function runsInSoftware(): boolean {
  return software;
}

/** What the running device can do; before the start, what WebGPU promises everywhere. */
export function deviceAbilities(): DeviceAbilities {
  return abilities;
}

/**
 * Starts WebGPU once in this worker and makes it TensorFlow.js's backend.
 * @throws NoDeviceError when the browser has no adapter to give.
 */
export function startWebgpu(): Promise<Device> {
  running ??= start().catch((error: unknown) => {
    running = undefined; // A browser that is restarting its graphics process may have an adapter at the next attempt.
    throw error;
  });
  return running;
}

async function start(): Promise<Device> {
  if (!('gpu' in navigator)) {
    throw new NoDeviceError(
      'This browser has no WebGPU. Use a current Chrome or Edge on a computer with a graphics driver.',
    );
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new NoDeviceError(
      'The browser found no graphics adapter for WebGPU. Update the graphics driver or restart the browser; chrome://gpu tells more.',
    );
  }
  const device = await adapter.requestDevice({
    requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: adapter.limits.maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
      maxComputeWorkgroupSizeY: adapter.limits.maxComputeWorkgroupSizeY,
      maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
    },
  });
  let lostReason: string | undefined;
  const lost = device.lost.then((loss) => {
    lostReason = `The graphics device was lost (${loss.reason || 'unknown'}): ${loss.message || 'no reason was given'}`;
    return lostReason;
  });
  // Importing the backend registered a factory that would make a second device of its own, which `lost` below would not watch.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  // By default TensorFlow.js computes small tensors on the CPU, which hides a lost device and mixes two roundings.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend('webgpu');
  await tf.ready();
  const assertAlive = (): void => {
    if (lostReason !== undefined) throw new DeviceLostError(lostReason);
    if (tf.getBackend() !== 'webgpu') {
      throw new DeviceLostError(
        `Training must run on WebGPU, but TensorFlow.js moved to "${tf.getBackend()}".`,
      );
    }
  };
  assertAlive();
  const info = describe(adapter, device);
  software = info.software;
  abilities = {
    features: info.features,
    workgroupBytes: device.limits.maxComputeWorkgroupStorageSize,
    workgroupThreads: device.limits.maxComputeInvocationsPerWorkgroup,
  };
  return { info, lost, assertAlive };
}

function describe(adapter: GPUAdapter, device: GPUDevice): AdapterInfo {
  const { vendor, architecture, description } = adapter.info;
  return {
    vendor,
    architecture,
    description,
    software: /swiftshader|llvmpipe|software|basic render/i.test(`${vendor} ${architecture} ${description}`),
    maxBufferBytes: adapter.limits.maxBufferSize,
    features: wantedFeatures.filter((feature) => device.features.has(feature)),
  };
}
