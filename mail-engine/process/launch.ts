/** How the engine's process is started: what its memory management must know of its work before anything runs. */

/**
 * Sessions make much short-lived garbage, most of it outside the heap (socket reads, messages, batches): with the defaults every 64 MiB
 * of such buffers begin a marking of the whole heap, however little is alive. So the young generation is large from the start,
 * and external memory counts towards the limit that live memory sets.
 */
export const ENGINE_NODE_FLAGS: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  // Asked for while long messages stream through (`mail-engine/store/blob/streamed-garbage.ts`).
  '--expose-gc',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--external-memory-accounted-in-global-limit',
];

/**
 * For glibc, which otherwise gives the pages of every read buffer and every batch back to the system and takes them anew, with a page
 * fault each; other C libraries ignore it. At most 16 MiB that are free stay with the process. Chunks of long messages are given back at
 * once, and two arenas instead of sixteen keep what is free in few places: measured by `npm run bench:memory`.
 */
export const ENGINE_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(192 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024),
  MALLOC_TOP_PAD_: String(1024 * 1024),
};
