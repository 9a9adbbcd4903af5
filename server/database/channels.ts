/** Says that rows which processes keep in memory have changed: who is hosted, settings, sessions. The payload is the table's name. */
export const DIRECTORY_CHANNEL = 'mailstead_directory';
/** Says that access rules (`rules`), rights to relay (`openings`) or the openings of one client's address (that address) have changed. */
export const ACCESS_CHANNEL = 'mailstead_access';
