#!/usr/bin/env node
/** The `mailstead` command: brings Node 24 and hands over to `cli.ts`. */
process.argv.splice(2, 0, 'cli');
await import('./bootstrap.mjs');
