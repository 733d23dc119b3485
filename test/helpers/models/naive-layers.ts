/**
 * The oracle of the gradient tests: every layer forward, in float64, by the textbook's loops. It shares no code with
 * the project. Gradients come from central differences of it.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function tensor(shape: readonly number[], value: (index: number) => number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, i) => value(i)) };
}

function dims4(x: Tensor): [number, number, number, number] {
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || !n || !c || !h || !w) throw new Error(`not [N,C,H,W]: ${x.shape.join()}`);
  return [n, c, h, w];
}

export function conv(x: Tensor, weights: Tensor, stride: number, padding: number, bias?: Tensor): Tensor {
  const [n, c, h, w] = dims4(x);
  const [o, , k] = dims4(weights);
  const outH = Math.floor((h + 2 * padding - k) / stride) + 1;
  const outW = Math.floor((w + 2 * padding - k) / stride) + 1;
  return tensor([n, o, outH, outW], (index) => {
    const col = index % outW;
    const row = Math.floor(index / outW) % outH;
    const out = Math.floor(index / (outW * outH)) % o;
    const image = Math.floor(index / (outW * outH * o));
    let sum = bias ? bias.data[out]! : 0;
    for (let channel = 0; channel < c; channel++) {
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          const y = row * stride + i - padding;
          const z = col * stride + j - padding;
          if (y < 0 || z < 0 || y >= h || z >= w) continue;
          sum +=
            x.data[((image * c + channel) * h + y) * w + z]! *
            weights.data[((out * c + channel) * k + i) * k + j]!;
        }
      }
    }
    return sum;
  });
}

export function batchNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  const [n, c, h, w] = dims4(x);
  const area = h * w;
  const means: number[] = [];
  const deviations: number[] = [];
  for (let channel = 0; channel < c; channel++) {
    const values: number[] = [];
    for (let image = 0; image < n; image++) {
      for (let i = 0; i < area; i++) values.push(x.data[(image * c + channel) * area + i]!);
    }
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    means.push(mean);
    deviations.push(Math.sqrt(variance + epsilon));
  }
  return tensor(x.shape, (index) => {
    const channel = Math.floor(index / area) % c;
    return (
      ((x.data[index]! - means[channel]!) / deviations[channel]!) * scale.data[channel]! +
      shift.data[channel]!
    );
  });
}

export function relu(x: Tensor): Tensor {
  return tensor(x.shape, (i) => Math.max(0, x.data[i]!));
}

export function maxPool(x: Tensor): Tensor {
  const [n, c, h, w] = dims4(x);
  const [outH, outW] = [h >> 1, w >> 1];
  return tensor([n, c, outH, outW], (index) => {
    const col = index % outW;
    const row = Math.floor(index / outW) % outH;
    const plane = Math.floor(index / (outW * outH));
    const at = (i: number, j: number): number => x.data[(plane * h + 2 * row + i) * w + 2 * col + j]!;
    return Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
  });
}

export function globalAveragePool(x: Tensor): Tensor {
  const [n, c, h, w] = dims4(x);
  return tensor([n, c], (plane) => {
    let sum = 0;
    for (let i = 0; i < h * w; i++) sum += x.data[plane * h * w + i]!;
    return sum / (h * w);
  });
}

export function flatten(x: Tensor): Tensor {
  const [n = 1] = x.shape;
  return { shape: [n, x.data.length / n], data: x.data };
}

export function multiply(x: Tensor, by: Tensor): Tensor {
  return tensor(x.shape, (i) => x.data[i]! * by.data[i]!);
}

export function dense(x: Tensor, weights: Tensor, bias: Tensor): Tensor {
  const [n = 1, units = 1] = x.shape;
  const [, outputs = 1] = weights.shape;
  return tensor([n, outputs], (index) => {
    const out = index % outputs;
    const row = Math.floor(index / outputs);
    let sum = bias.data[out]!;
    for (let i = 0; i < units; i++) sum += x.data[row * units + i]! * weights.data[i * outputs + out]!;
    return sum;
  });
}

/** Mean over the rows of -sum(target * log softmax(logits)). */
export function crossEntropy(logits: Tensor, target: Tensor): number {
  const [n = 1, classes = 1] = logits.shape;
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const z = logits.data.slice(row * classes, (row + 1) * classes);
    const logSum = Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0));
    for (let i = 0; i < classes; i++) loss -= (target.data[row * classes + i]! * (z[i]! - logSum)) / n;
  }
  return loss;
}

/** The gradient of `loss` by every value of `variable`, by central differences; `variable` is left as it was. */
export function centralDifferences(variable: Tensor, loss: () => number, step = 1e-5): Float64Array {
  return variable.data.map((value, i) => {
    variable.data[i] = value + step;
    const above = loss();
    variable.data[i] = value - step;
    const below = loss();
    variable.data[i] = value;
    return (above - below) / (2 * step);
  });
}

/** The largest difference between two lists, as a share of the largest value of the second. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let largest = 1e-12;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return Number.isNaN(difference) ? Infinity : difference / largest;
}
