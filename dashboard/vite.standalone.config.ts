// The player of a downloaded session: one classic script, which the app puts into the file.
import { defineConfig } from 'vite';

export default defineConfig({
  // A library that vite builds keeps it, and a file has none.
  define: { 'process.env.NODE_ENV': JSON.stringify('production'), 'process.env': '{}' },
  publicDir: false,
  build: {
    target: 'es2022',
    emptyOutDir: false,
    copyPublicDir: false,
    lib: { entry: 'src/standalone/main.ts', formats: ['iife'], name: 'crow', fileName: () => 'standalone.js' },
  },
});
