import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{server,mail-engine,prisma,supervisor,app,bench}/**/*.test.{ts,tsx}'],
    globalSetup: ['prisma/testing/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
  resolve: { alias: { '@': new URL('./app', import.meta.url).pathname } },
});
