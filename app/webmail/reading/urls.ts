/** Addresses of a message's bytes. */

interface Ref {
  folder: string;
  uid: number;
}

function search({ folder, uid }: Ref, more: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ folder, uid: String(uid), ...more });
}

export function bodyUrl(ref: Ref, options: { images: boolean; theme: 'light' | 'dark' }): string {
  return `/api/webmail/message/body?${search(ref, { images: options.images ? '1' : '0', theme: options.theme })}`;
}

export function partUrl(ref: Ref, part: string, inline = false): string {
  return `/api/webmail/part?${search(ref, { part, ...(inline && { inline: '1' }) })}`;
}

export function sourceUrl(ref: Ref): string {
  return `/api/webmail/source?${search(ref, {})}`;
}
