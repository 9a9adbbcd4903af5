import type { Database } from '../database/prisma.ts';
import { defaultRules } from './default-rules.ts';
import type { AccessService } from './types.ts';

export interface CurrentRules {
  /** Null while the rules that ship hold. */
  version: string | null;
  text: string;
  saved: { at: string; by: string } | null;
}

export async function readCurrentRules(db: Database, service: AccessService): Promise<CurrentRules> {
  const row = await db.accessRules.findFirst({ where: { service }, orderBy: { id: 'desc' } });
  if (!row) return { version: null, text: defaultRules(service), saved: null };
  return { version: String(row.id), text: row.text, saved: { at: row.savedAt.toISOString(), by: row.savedBy } };
}
