import type { Actor } from '#server/actor/actor.ts';

interface Described {
  definition: { allow: readonly Actor['kind'][] };
}

/** Whether to show the way to an operation. The operation itself is what refuses. */
export function may(actor: Actor, operation: Described): boolean {
  return actor.kind === 'system' || operation.definition.allow.includes(actor.kind);
}
