/** What the cluster of our own is started with. Sized for one machine that runs everything; durability is never traded. Measured in docs/storage.md. */
export const EMBEDDED_SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '200',
  shared_buffers: '512MB',
  effective_cache_size: '2GB',
  wal_compression: 'off',
  min_wal_size: '512MB', // log files kept to be used again: a new one is written twice
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  random_page_cost: '1.1',
};
