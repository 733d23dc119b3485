/** How a worker's memory is tuned: the variables that its allocator reads at the start, and V8's flags. */

/**
 * Half of V8's default: what a request leaves behind has decoded pictures and tensors outside the heap hanging on it,
 * which are freed only when it is collected.
 */
const YOUNG_GENERATION_MB = 8;

/** Node's arguments for a worker. */
export const WORKER_FLAGS: readonly string[] = [`--max-semi-space-size=${YOUNG_GENERATION_MB}`];

/**
 * glibc keeps freed memory in an arena for each thread that ever asked for some; the decoder's threads ask for little
 * at a time, and one arena for all spares some fifteen megabytes. What is freed at its end goes back to the system by
 * the 128 kB, and comes again page by page: a process that receives bodies all the while keeps some of it. Other
 * allocators do not know the variables.
 */
export const WORKER_ENVIRONMENT = {
  MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] || '1',
  MALLOC_TRIM_THRESHOLD_: process.env['MALLOC_TRIM_THRESHOLD_'] || String(32 * 1024 * 1024),
  MALLOC_TOP_PAD_: process.env['MALLOC_TOP_PAD_'] || String(4 * 1024 * 1024),
};
