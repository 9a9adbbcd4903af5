/** A ban as results carry it: ids are decimal strings, times ISO 8601. */
export interface BanView {
  id: string;
  /** CIDR; an address alone without its length. */
  network: string;
  reason: string;
  /** Made by failed sign-ins, not by a person. */
  automatic: boolean;
  failures: number;
  /** The login tried last, cleaned, and where; of automatic ones. */
  lastLogin: string | null;
  service: string | null;
  since: string;
  /** Null: until lifted. */
  until: string | null;
  /** How often in a row. */
  times: number;
  /** Who made it, where a person did. */
  bannedBy: string | null;
}

export interface BanRow {
  id: bigint;
  network: string;
  reason: string;
  automatic: boolean;
  failures: number;
  last_login: string | null;
  service: string | null;
  since: Date;
  until: Date | null;
  times: number;
  banned_by: string | null;
}

export function toBanView(row: BanRow): BanView {
  const { network, reason, automatic, failures, service, times } = row;
  return {
    id: String(row.id),
    network,
    reason,
    automatic,
    failures,
    lastLogin: row.last_login,
    service,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    times,
    bannedBy: row.banned_by,
  };
}
