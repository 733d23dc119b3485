import type { NetworkPlan, PlannedLayer } from './network.js';

/** The layers in a few words each, for cards and for the files of a training: `conv 3x3 16-32 to 14x14`. */
export function describeLayers({ layers }: NetworkPlan): string[] {
  return layers.map(describeLayer);
}

function describeLayer({ layer, input, output }: PlannedLayer): string {
  switch (layer.kind) {
    case 'conv': {
      const stride = layer.stride === 1 ? '' : ` stride ${layer.stride}`;
      return `conv ${layer.kernel}x${layer.kernel}${stride} ${input[0]}-${layer.channels} to ${output[1]}x${output[2]}`;
    }
    case 'dense':
      return `dense ${input[0]}-${layer.units}`;
    case 'dropout':
      return `dropout ${layer.rate}`;
    case 'batchNorm':
      return 'batch norm';
    case 'maxPool':
      return 'max pool 2x2';
    case 'globalAveragePool':
      return 'global average pool';
    case 'relu':
    case 'flatten':
      return layer.kind;
  }
}
