/**
 * Settings for a long-running process: read once, then again whenever the database says that one changed. While the listening
 * connection is down the last known values hold; coming back reads them anew.
 */
import type { Pool } from 'pg';
import { DIRECTORY_CHANNEL } from '../database/channels.ts';
import { createListener } from '../database/listener.ts';
import { logger } from '../logger.ts';
import type { SettingKey, SettingValues } from './registry.ts';
import { resolveSettings } from './resolve-settings.ts';

const log = logger('settings');

export interface Settings {
  /** The value now; ask again for every use. */
  get<Key extends SettingKey>(key: Key): SettingValues[Key];
  /** All of them as they are now. */
  values(): SettingValues;
  /** Calls `listener` after values were read anew; returns what stops that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

async function load(pool: Pool): Promise<SettingValues> {
  const { rows } = await pool.query<{ key: string; value: unknown }>('SELECT key, value FROM setting');
  return resolveSettings(rows);
}

/** `listenUrl` is a direct connection to the database, for LISTEN. Fails when the settings cannot be read at first. */
export async function createSettings({ pool, listenUrl }: { pool: Pool; listenUrl: string }): Promise<Settings> {
  const listeners = new Set<() => void>();
  let values = await load(pool);
  let latest = 0;

  const reload = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    try {
      const loaded = await load(pool);
      if (mine !== latest) return; // a later look is under way, which sees at least as much
      values = loaded;
      for (const listener of listeners) listener();
    } catch (error) {
      log.warn({ err: (error as Error).message }, 'settings could not be read, keeping the last known');
    }
  };
  const connection = await createListener({
    url: listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: (table) => {
      if (table === 'setting') void reload();
    },
    onUp: () => void reload(),
    onDown: () => undefined,
  });
  return {
    get: (key) => values[key],
    values: () => values,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => connection.close(),
  };
}
