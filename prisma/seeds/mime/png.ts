/** Small real pictures (PNG, 8-bit RGB), drawn by a function of the position. */
import { crc32, deflateSync } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `paint` gets positions from 0 to 1, from the top left. */
function drawPng(width: number, height: number, paint: (x: number, y: number) => Colour): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(paint(x / width, y / height), y * (1 + 3 * width) + 1 + 3 * x);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

/** Sea, sun and sky. */
export function drawSunset(width: number, height: number): Buffer {
  return drawPng(width, height, (x, y) => {
    const distance = Math.hypot((x - 0.68) * (width / height), y - 0.52);
    if (y < 0.6 && distance < 0.1) return [255, 214, 140];
    if (y < 0.6) return mix([40, 54, 110], [247, 148, 96], Math.min(1, y / 0.6));
    const glitter = Math.sin(x * 90 + y * 240) > 0.92 ? 0.35 : 0;
    return mix([24, 62, 98], [250, 190, 130], Math.max(0, 0.5 - Math.abs(x - 0.68) * 2) * (1 - y) + glitter);
  });
}

/** A bar chart of values from 0 to 1. */
export function drawBars(values: readonly number[], colour: Colour): Buffer {
  return drawPng(210, 90, (x, y) => {
    const slot = x * values.length;
    const value = values[Math.floor(slot)] ?? 0;
    const inBar = slot % 1 > 0.15 && slot % 1 < 0.85 && 1 - y < 0.05 + value * 0.9;
    return inBar ? mix(colour, [255, 255, 255], y * 0.4) : [248, 249, 251];
  });
}
