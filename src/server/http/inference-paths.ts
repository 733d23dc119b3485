/**
 * Whether a path belongs to the Open Inference Protocol or to KServe's first one: their clients look for what is wrong
 * in the member `error`, and take an answer for JSON where its type is `application/json` and nothing else.
 */
export function isInferencePath(url: string): boolean {
  return /^\/v[12](?:[/?]|$)/.test(url);
}

/** Whether a POST to this path asks for inference. */
export function asksForInference(url: string): boolean {
  return /^\/v2\/models\/[^?]+\/infer(?:\?|$)|^\/v1\/models\/[^?/]+:predict(?:\?|$)/.test(url);
}
