/** What is kept of a message's bytes beside them: see model Blob. Computed once, when they arrive. */
import { boundStructure } from '#engine/wire/mime/bound-structure.ts';
import { renderBodies, renderEnvelope } from '#engine/wire/mime/imap-structure.ts';
import { threadKeyOf } from '#engine/wire/mime/thread-key.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';

export interface BlobFacts {
  size: number;
  headSize: number;
  sha256: Buffer;
  imapEnvelope: string;
  imapBody: string;
  bodyStructure: string;
  structure: string;
  preview: string;
  threadKey: number;
}

export function blobFacts(facts: MessageFacts, sha256: Buffer): BlobFacts {
  const { root, json } = boundStructure(facts.root);
  const { body, bodyStructure } = renderBodies(root);
  return {
    size: facts.size,
    headSize: facts.headSize,
    sha256,
    imapEnvelope: renderEnvelope(facts.imapEnvelope),
    imapBody: body,
    bodyStructure,
    structure: json,
    preview: facts.preview,
    threadKey: threadKeyOf(facts, sha256),
  };
}
