/**
 * The luma of Rec. 601 of the colour at `offset`, rounded as PIL's `convert("L")` rounds it:
 * https://pillow.readthedocs.io/en/stable/reference/Image.html. The weights add up to 65536: gray stays what it is.
 */
export function luma(data: Uint8Array, offset: number): number {
  return (19595 * data[offset]! + 38470 * data[offset + 1]! + 7471 * data[offset + 2]! + 32768) >> 16;
}
