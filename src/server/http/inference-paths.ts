/**
 * Whether a path belongs to the Open Inference Protocol or to KServe's first one: their clients look for what is wrong
 * in the member `error`, and take an answer for JSON where its type is `application/json` and nothing else.
 */
export function isInferencePath(url: string): boolean {
  return /^\/v[12](?:[/?]|$)/.test(url);
}

/** The routes that ask for inference, by what their URLs look like; a model's name may be anything. */
const INFERENCE_ROUTES: readonly (readonly [template: string, form: RegExp])[] = [
  ['/v2/models/:model/infer', /^\/v2\/models\/[^?/]+\/infer(?:\?|$)/],
  ['/v2/models/:model/versions/:version/infer', /^\/v2\/models\/[^?]+\/infer(?:\?|$)/],
  ['/v1/models/:model([^:/]+)::predict', /^\/v1\/models\/[^?/]+:predict(?:\?|$)/],
];

/** The template of the route that a POST to this URL asks for inference; undefined where it does not. */
export function inferenceRoute(url: string): string | undefined {
  return INFERENCE_ROUTES.find(([, form]) => form.test(url))?.[0];
}

/** Whether a URL that asks a model asks for numbers. */
export function asksForNumbers(url: string): boolean {
  return /^\/mnist\/read(?:\?|$)|^\/v[12]\/models\/numbers[/:]/.test(url);
}
