/**
 * Mailboxes of one domain may serve another (by an alias, a kept copy, a catch-all) only while both have the same owner and reseller. It is asked
 * at every look: whoever is given one of the domains must not go on reading the other's mail.
 */
export interface People {
  ownerId: bigint | null;
  resellerId: bigint | null;
}

export function haveSamePeople(one: People, other: People): boolean {
  return one.ownerId === other.ownerId && one.resellerId === other.resellerId;
}

/** The same as a condition on two rows of `domain`, by their aliases. */
export function samePeopleSql(one: string, other: string): string {
  return `${one}.owner_id IS NOT DISTINCT FROM ${other}.owner_id AND ${one}.reseller_id IS NOT DISTINCT FROM ${other}.reseller_id`;
}
