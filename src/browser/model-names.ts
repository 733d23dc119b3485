/** The models that ship, by what they are for. */
export const MODEL_NAMES = {
  /** Reads frames as MNIST's are. */
  frames: 'mnist.int8.onnx',
  /** Finds the digit in pictures. */
  finder: 'finder.int8.onnx',
  /** Reads the digit that was found. */
  reader: 'reader.int8.onnx',
  /** Reads small pictures as a whole. */
  thumbnail: 'thumbnail.int8.onnx',
  /** Sees the digits of numbers. */
  detector: 'detector.int8.onnx',
} as const;

/** What a model is for. */
export type ModelRole = keyof typeof MODEL_NAMES;
