/** cdb's hash: starts at 5381; for each byte `h = (h × 33) xor byte`, modulo 2³². */
export function cdbHash(key: Uint8Array): number {
  let hash = 5381;
  for (const byte of key) hash = (Math.imul(hash, 33) ^ byte) >>> 0;
  return hash;
}
