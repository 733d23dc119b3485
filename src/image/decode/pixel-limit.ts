/** Pixels that a picture may have; a 24-megapixel photo (6000 x 4000) passes. */
export const DEFAULT_MAX_PIXELS = 25_000_000;
