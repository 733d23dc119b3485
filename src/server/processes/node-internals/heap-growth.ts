import { setFlagsFromString } from 'node:v8';

/**
 * The old generation is collected when what was alive after the last time has doubled. V8 by itself lets it grow up
 * to four times, so that memory rises for half a million images, or not at all, so that every second collection is
 * one of everything.
 */
const HEAP_GROWTH_PERCENT = 100;

/**
 * Bounds how far the heap of this process grows between two collections. V8 is told while it runs, as it promises no
 * flag: of one that it does not know it then says so on stderr and goes on, where it would not start with it as an
 * argument.
 */
export function boundHeapGrowth(flag = '--heap-growing-percent'): void {
  setFlagsFromString(`${flag}=${HEAP_GROWTH_PERCENT}`);
}
