/** Divisible by three, so that only the last chunk is padded; small enough to spread into a call. */
const CHUNK_BYTES = 3 * 8192;

/** Base64 (RFC 4648, section 4) of bytes of any number, in browsers and in Node alike. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES)));
  }
  return text;
}
