import { text } from '../words/words.js';
import type { ReadBy } from './page-reader.js';

/** What the page knows of the service that it is from. */
export type ServiceKnown =
  /** There is none: the page is from a server of files. */
  | { readonly kind: 'none' }
  /** It was not heard of: out of reach, as far as is known. */
  | { readonly kind: 'silent' }
  /** It requires a key before it says anything. */
  | { readonly kind: 'closed' }
  /** It answers; its model of frames has this SHA-256. */
  | { readonly kind: 'open'; readonly modelSha256: string };

/**
 * Who reads pictures: the device, unless the user would rather have the service do it, or the service has another
 * model, whose answers the page is there to show.
 * @param shippedSha256 of the model of frames that the page can load
 */
export function readByOf(chosen: ReadBy, service: ServiceKnown, shippedSha256: string): ReadBy {
  if (service.kind === 'none') return 'device';
  if (service.kind === 'closed') return 'service';
  if (service.kind === 'open' && service.modelSha256 !== shippedSha256) return 'service';
  return chosen;
}

/** What is said of who read a picture. */
export function sourceOf(readBy: ReadBy): string {
  return text(readBy === 'device' ? 'sourceDevice' : 'sourceService');
}

/** What becomes of drawings and single pictures, in one sentence. */
export function privacyOf(readBy: ReadBy, service: ServiceKnown): string {
  if (service.kind === 'none') return text('privacyAlone');
  return text(readBy === 'device' ? 'privacyDevice' : 'privacy');
}
