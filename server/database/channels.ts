/** Says that rows which processes keep in memory have changed: who is hosted, settings, sessions. The payload is the table's name. */
export const DIRECTORY_CHANNEL = 'mailstead_directory';
