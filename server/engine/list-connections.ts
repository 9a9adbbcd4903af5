import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { type EngineNodeView, readNodes } from './engine-nodes.ts';

/** How busy each engine's services are, at its last heartbeat; cheap enough to be asked all the time. */
export const listConnections = defineOperation({
  name: 'engine.connections',
  allow: ['admin'],
  kind: 'read',
  input: z.object({}),
  run: ({ db, now }): Promise<EngineNodeView[]> => readNodes(db, now()),
});
