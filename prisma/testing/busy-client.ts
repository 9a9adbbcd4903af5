/** Where a query is sent over a connection that is still busy with another, which pg only warns of until version 9, the test fails. */
const BUSY_CLIENT = 'Calling client.query() when the client is already executing a query';

process.on('warning', (warning) => {
  if (warning.message.startsWith(BUSY_CLIENT)) throw warning;
});
