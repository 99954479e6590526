import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.CROW_URL ?? 'http://127.0.0.1:7071';
const routes = [
  '/auth',
  '/sessions',
  '/people',
  '/notifications',
  '/live',
  '/analytics',
  '/issues',
  '/alerts',
  '/webhooks',
  '/admin',
  '/shared/',
  '/openapi.json',
];

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(routes.map((route) => [route, { target: server }])),
  },
  build: {
    target: 'es2022',
    // The server sends `style-src` and `script-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { app: 'index.html', player: 'player.html', shared: 'shared.html' } },
  },
  // A machine that does other things is no failure.
  test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 60_000 },
});
