import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{server,mail-engine,prisma,supervisor,app,bench}/**/*.test.{ts,tsx}'],
    globalSetup: ['./prisma/testing/global-setup.ts'],
    setupFiles: ['./prisma/testing/busy-client.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
  resolve: { alias: { '@': new URL('./app', import.meta.url).pathname } },
});
