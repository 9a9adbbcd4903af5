/** Who acts in the browser tests. */
export const ADMIN = { email: 'ada@harbour.example', name: 'Ada Harbour', password: 'quiet-anchor-42-lantern' };
