import { defineConfig, loadEnv } from 'vite';

// The pages are files of the server; every address in them is relative, so that they also work below a path of a proxy.
export default defineConfig({
  base: './',
  build: {
    outDir: '../GeoSanitation.Server/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The map library is one large file by itself, kept by browsers while the page around it changes.
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  // `npm run dev` takes its data from a server that runs beside it.
  server: {
    proxy: Object.fromEntries(['/api', '/tiles', '/geodata'].map((path) => [path, loadEnv('', '.', 'GEOSAN_').GEOSAN_URL ?? 'http://127.0.0.1:5080'])),
  },
});
