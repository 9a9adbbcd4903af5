/** The part tree as compact JSON for the database. `parseStructure(serializeStructure(root))` equals `root`. */
import type { ImapEnvelope, MimePart } from './types.ts';

/** Sender and Reply-To are left out where they are the list of From. */
type PackedEnvelope = Omit<ImapEnvelope, 'sender' | 'replyTo'> & Partial<ImapEnvelope>;

type Extras = Partial<
  Pick<MimePart, 'id' | 'description' | 'md5' | 'disposition' | 'languages' | 'location'> & {
    imapEnvelope: PackedEnvelope;
  }
>;

/** Offsets and line count, then what nearly every part has, then what few have. */
type Packed = [
  start: number,
  bodyStart: number,
  end: number,
  lines: number,
  type: string,
  subtype: string,
  encoding: string,
  parameters: MimePart['parameters'],
  children: Packed[],
  extras?: Extras,
];

export function serializeStructure(root: MimePart): string {
  return JSON.stringify(pack(root));
}

/** For text that `serializeStructure` made; throws SyntaxError for what is no JSON. */
export function parseStructure(text: string): MimePart {
  return unpack(JSON.parse(text) as Packed);
}

function pack(part: MimePart): Packed {
  const { start, bodyStart, end, lines, type, subtype, encoding, parameters } = part;
  const packed: Packed = [start, bodyStart, end, lines, type, subtype, encoding, parameters, part.children.map(pack)];
  const extras = packExtras(part);
  if (Object.keys(extras).length > 0) packed.push(extras);
  return packed;
}

function packExtras({ id, description, md5, disposition, languages, location, imapEnvelope }: MimePart): Extras {
  const extras: Extras = {};
  if (id !== null) extras.id = id;
  if (description !== null) extras.description = description;
  if (md5 !== null) extras.md5 = md5;
  if (disposition !== null) extras.disposition = disposition;
  if (languages.length > 0) extras.languages = languages;
  if (location !== null) extras.location = location;
  if (imapEnvelope !== null) extras.imapEnvelope = packEnvelope(imapEnvelope);
  return extras;
}

function packEnvelope({ sender, replyTo, ...envelope }: ImapEnvelope): PackedEnvelope {
  const packed: PackedEnvelope = envelope;
  if (sender !== envelope.from) packed.sender = sender;
  if (replyTo !== envelope.from) packed.replyTo = replyTo;
  return packed;
}

function unpackEnvelope(packed: PackedEnvelope): ImapEnvelope {
  const { from } = packed;
  return { ...packed, sender: packed.sender ?? from, replyTo: packed.replyTo ?? from };
}

function unpack(packed: Packed): MimePart {
  const [start, bodyStart, end, lines, type, subtype, encoding, parameters, children, extras] = packed;
  return {
    ...{ start, bodyStart, end, lines, type, subtype, encoding, parameters },
    ...{ id: null, description: null, md5: null, disposition: null, languages: [], location: null },
    ...extras,
    imapEnvelope: extras?.imapEnvelope ? unpackEnvelope(extras.imapEnvelope) : null,
    children: children.map(unpack),
  };
}
