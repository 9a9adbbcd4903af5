/** What is kept of a message's bytes beside them: see model Blob. Computed once, when they arrive. */
import { renderBody, renderBodyStructure, renderEnvelope } from '#engine/wire/mime/imap-structure.ts';
import { serializeStructure } from '#engine/wire/mime/structure-json.ts';
import { threadKeyOf } from '#engine/wire/mime/thread-key.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';

export interface BlobFacts {
  size: number;
  headSize: number;
  sha256: Buffer;
  imapEnvelope: Buffer;
  imapBody: Buffer;
  bodyStructure: Buffer;
  structure: string;
  preview: string;
  threadKey: number;
}

/** As many bits of the conversation's key as a safe integer has. */
function safeThreadKey(facts: MessageFacts, fallback: Buffer): number {
  return Number(BigInt.asUintN(53, threadKeyOf(facts, fallback)));
}

export function blobFacts(facts: MessageFacts, sha256: Buffer): BlobFacts {
  return {
    size: facts.size,
    headSize: facts.headSize,
    sha256,
    imapEnvelope: renderEnvelope(facts.imapEnvelope),
    imapBody: renderBody(facts.root),
    bodyStructure: renderBodyStructure(facts.root),
    structure: serializeStructure(facts.root),
    preview: facts.preview,
    threadKey: safeThreadKey(facts, sha256),
  };
}
