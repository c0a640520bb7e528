/**
 * Every kernel of ours that stands in for a stock kernel of the webgpu backend.
 */
import { registerConvolution } from './convolution/convolution.ts';
import { registerConvolutionFilterGradient } from './convolution/convolution-filter-gradient.ts';
import { registerConvolutionInputGradient } from './convolution/convolution-input-gradient.ts';
import { registerDepthwiseConvolution } from './convolution/depthwise-convolution.ts';
import { registerElementwise } from './elementwise.ts';
import { registerMatMul } from './matmul/matmul.ts';
import { registerPooling } from './pooling.ts';
import { registerReduce } from './reduce.ts';

/**
 * Puts our kernels before the stock ones; call it after `startWebgpu`. Plain tf.conv2d, tf.matMul, tf.sum, … and their gradients then
 * run on them, and other backends are left alone. A second call changes nothing.
 */
export function registerKernels(): void {
  registerMatMul();
  registerConvolution();
  registerConvolutionInputGradient();
  registerConvolutionFilterGradient();
  registerDepthwiseConvolution();
  registerReduce();
  registerElementwise();
  registerPooling();
}
