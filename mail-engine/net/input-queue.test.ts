import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputQueue } from './input-queue.ts';

test('any packets give the same lines, with the scan going on between them', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.uint8Array({ maxLength: 6000 }).map((bytes) => Buffer.from(bytes)),
        { maxLength: 30 },
      ),
      (packets) => {
        const queue = new InputQueue();
        const lines: Buffer[] = [];
        for (const packet of packets) {
          queue.push(packet);
          for (let length = queue.findLineLength(); length !== undefined; length = queue.findLineLength()) {
            lines.push(queue.take(length));
          }
        }
        const all = Buffer.concat(packets);
        const rest = queue.take(queue.length);
        expect(Buffer.concat([...lines, rest])).toEqual(all);
        for (const line of lines) expect(line.indexOf(10)).toBe(line.length - 1);
        expect(rest.indexOf(10)).toBe(-1);
      },
    ),
  );
});

test('takes of any size and bytes put back keep the order', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 })), fc.array(fc.nat({ max: 30 })), (packets, takes) => {
      const queue = new InputQueue();
      for (const packet of packets) queue.push(Buffer.from(packet));
      const all = Buffer.from(packets.join(''));
      let seen = 0;
      for (const count of takes) {
        queue.findLineLength();
        const piece = queue.take(count);
        expect(piece).toEqual(all.subarray(seen, seen + count));
        queue.unshift(piece);
        expect(queue.take(piece.length)).toEqual(piece);
        seen += piece.length;
        expect(queue.length).toBe(all.length - seen);
      }
    }),
  );
});
