import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The console is static files served by the API under a strict content security policy: no inline script, no inline style
// sheet, no data URL for assets.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, proxy: { '/api': process.env['API_ORIGIN'] ?? 'http://localhost:3000' } },
})
