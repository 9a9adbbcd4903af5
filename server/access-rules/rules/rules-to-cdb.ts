/** `tcp.smtp.cdb`, byte for byte as tcprules(1) would write it from the same rules. IPv6 rules have no place in it. */
import { type CdbRecord, writeCdb } from '../../maps/cdb/write-cdb.ts';
import type { CompiledRules } from './compile-rules.ts';
import type { RuleLine } from './parse-rules.ts';

/** `D NUL` for deny, `+NAME=value NUL` for each variable. */
function dataOf({ allow, variables }: RuleLine): Buffer {
  const items = variables.map(({ name, value }) => `+${name}=${value}\0`);
  return Buffer.from(`${allow ? '' : 'D\0'}${items.join('')}`);
}

export function rulesToCdb({ records }: Pick<CompiledRules, 'records'>): Buffer {
  const toRecord = ({ key, rule }: CompiledRules['records'][number]): CdbRecord => {
    return { key: Buffer.from(key), data: dataOf(rule) };
  };
  return writeCdb(records.map(toRecord));
}
