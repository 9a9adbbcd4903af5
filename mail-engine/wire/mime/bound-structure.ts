/**
 * What is kept and told of a message's parts, bounded: a header of little sense can say far more of its part than the part has bytes, and
 * whoever asks for the structures of many messages gets all of it at once. Parts keep their place, type and encoding, so that they are
 * found, fetched and decoded; those beyond the bound lose all else, which is as if their headers had not said it.
 */
import { serializeStructure } from './structure-json.ts';
import type { MimePart } from './types.ts';

/** Characters of the compact JSON; hundreds of attachments, or of messages in a digest, take less. */
const MAX_CHARACTERS = 256 * 1024;
const MAX_CHARSET = 64;

interface BoundStructure {
  root: MimePart;
  /** `serializeStructure(root)`. */
  json: string;
}

export function boundStructure(whole: MimePart): BoundStructure {
  const json = serializeStructure(whole);
  if (json.length <= MAX_CHARACTERS) return { root: whole, json };
  const root = new Shortening(MAX_CHARACTERS).shorten(whole);
  return { root, json: serializeStructure(root) };
}

/** Parts come in the order of the message, each before those inside it. */
class Shortening {
  #left: number;

  constructor(characters: number) {
    this.#left = characters;
  }

  shorten(part: MimePart): MimePart {
    const own = { ...part, children: [] };
    const characters = serializeStructure(own).length;
    const kept = characters <= this.#left ? own : bare(own);
    this.#left -= kept === own ? characters : 0;
    return { ...kept, children: part.children.map((child) => this.shorten(child)) };
  }
}

function bare(part: MimePart): MimePart {
  return {
    ...part,
    ...{ id: null, description: null, md5: null, disposition: null, languages: [], location: null, imapEnvelope: null },
    parameters: part.parameters.filter(([name, value]) => name === 'charset' && value.length <= MAX_CHARSET),
  };
}
