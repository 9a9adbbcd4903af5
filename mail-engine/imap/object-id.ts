/** Object identifiers (RFC 8474): a letter for the kind, then the store's own id; they never change and are never reused. */

export function formatMailboxId(folderId: number): string {
  return `F${folderId}`;
}

/** Copies of one blob are the same email. */
export function formatEmailId(blobId: number): string {
  return `M${blobId}`;
}

export function formatThreadId(threadKey: string): string {
  return `T${threadKey}`;
}
