/** A name server over UDP for tests: its zone is data that a test may change at any time, so the real resolver is what runs. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

interface ZoneName {
  MX?: readonly (readonly [preference: number, exchange: string])[];
  A?: readonly string[];
  AAAA?: readonly string[];
  CNAME?: string;
  PTR?: readonly string[];
  /** At most 255 characters each. */
  TXT?: readonly string[];
  ttlSeconds?: number;
}

/** What is not in the zone is NXDOMAIN; an error is given to every question for the name, `silence` to none. */
export type Zone = Record<string, ZoneName | 'SERVFAIL' | 'REFUSED' | 'silence'>;

export interface TestDnsServer {
  /** `127.0.0.1:port` */
  server: string;
  zone: Zone;
  /** `TYPE name` of every question, in order. */
  questions: string[];
  close: () => Promise<void>;
}

const TYPES = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;
const TYPE_NAMES = new Map<number, string>(Object.entries(TYPES).map(([name, code]) => [code, name]));
const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

interface Answer {
  name: string;
  type: number;
  ttl: number;
  data: Buffer;
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function encodeAddress(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function encodeMx(preference: number, exchange: string): Buffer {
  return Buffer.concat([Buffer.from([preference >> 8, preference & 0xff]), encodeName(exchange)]);
}

function findData(entry: ZoneName, type: number): Buffer[] {
  if (type === TYPES.A) return (entry.A ?? []).map(encodeAddress);
  if (type === TYPES.AAAA) return (entry.AAAA ?? []).map(encodeAddress);
  if (type === TYPES.PTR) return (entry.PTR ?? []).map(encodeName);
  if (type === TYPES.TXT)
    return (entry.TXT ?? []).map((text) => Buffer.from(`${String.fromCharCode(text.length)}${text}`, 'latin1'));
  return (entry.MX ?? []).map(([preference, exchange]) => encodeMx(preference, exchange));
}

function findAnswers(zone: Zone, name: string, type: number): Answer[] {
  const entry = zone[name];
  if (entry === undefined || typeof entry === 'string') return [];
  const ttl = entry.ttlSeconds ?? 300;
  if (entry.CNAME !== undefined) {
    const alias = { name, type: TYPES.CNAME, ttl, data: encodeName(entry.CNAME) };
    return [alias, ...findAnswers(zone, entry.CNAME, type)];
  }
  return findData(entry, type).map((data) => ({ name, type, ttl, data }));
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function encodeAnswer({ name, type, ttl, data }: Answer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function encodeReply(query: Buffer, questionEnd: number, rcode: number, answers: readonly Answer[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(12, questionEnd), ...answers.map(encodeAnswer)]);
}

function answer(server: TestDnsServer, query: Buffer): Buffer | undefined {
  const { name, type, end } = readQuestion(query);
  server.questions.push(`${TYPE_NAMES.get(type) ?? type} ${name}`);
  const entry = server.zone[name];
  if (entry === 'silence') return undefined;
  if (entry === 'SERVFAIL' || entry === 'REFUSED') return encodeReply(query, end, RCODES[entry], []);
  if (entry === undefined) return encodeReply(query, end, RCODES.NXDOMAIN, []);
  return encodeReply(query, end, RCODES.NOERROR, findAnswers(server.zone, name, type));
}

export async function startDnsServer(zone: Zone = {}, port = 0): Promise<TestDnsServer> {
  const socket: Socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  const server: TestDnsServer = {
    server: `127.0.0.1:${socket.address().port}`,
    zone,
    questions: [],
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (query, from) => {
    const reply = answer(server, query);
    if (reply) socket.send(reply, from.port, from.address);
  });
  return server;
}
