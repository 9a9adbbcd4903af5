/**
 * How the engine's process is started. Its sessions make much short-lived garbage, most of it outside the heap (socket reads, messages,
 * batches): with the defaults every 64 MiB of such buffers begin a marking of the whole heap, however little is alive. So the
 * young generation is large from the start, and external memory counts towards the limit that live memory sets.
 */
export const ENGINE_NODE_FLAGS: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--external-memory-accounted-in-global-limit',
];
