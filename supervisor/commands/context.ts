/** What every command gets. */
export interface CommandContext {
  databaseUrl: string;
  webUrl: string;
}
