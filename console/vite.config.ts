/** The console's build: hashed assets under one base path, nothing inlined, so that a strict policy holds. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` listens; `npm run console:dev` passes the API's calls on to it. */
const ROUTER = process.env.ATP_URL ?? 'http://127.0.0.1:8787';
const passOn = { target: ROUTER, changeOrigin: true, headers: { origin: ROUTER } };

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  build: { target: 'es2023', assetsInlineLimit: 0, sourcemap: false, reportCompressedSize: false },
  server: { host: '127.0.0.1', proxy: { '/v1': passOn, '/admin': passOn } },
  preview: { host: '127.0.0.1', proxy: { '/v1': passOn, '/admin': passOn } },
});
