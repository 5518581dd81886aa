import { defineConfig, loadEnv } from 'vite';

// The pages are files of the server; every address in them is relative, so that they also work below a path of a proxy.
export default defineConfig({
  base: './',
  build: {
    outDir: '../GeoSanitation.Server/wwwroot',
    emptyOutDir: true,
    rollupOptions: {
      input: ['index.html', 'wards.html', 'report.html', 'import.html'],
      output: { manualChunks: { maplibre: ['maplibre-gl'] } },
    },
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The map library is one large file by itself, kept by browsers while the page around it changes.
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  plugins: [
    // The map's program is asked for beside that of the page, which shows its numbers first.
    {
      name: 'map-early',
      transformIndexHtml: (_, { bundle, chunk: page }) => {
        const map = Object.values(bundle ?? {}).find((part) => part.type === 'chunk' && part.name === 'map' && page?.dynamicImports.includes(part.fileName));
        const files = map?.type === 'chunk' ? [map.fileName, ...map.imports] : [];
        const early = files.filter((file) => file !== page?.fileName && !page?.imports.includes(file));
        return early.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` }, injectTo: 'head' }));
      },
    },
    // As the server does: a page's address has no extension.
    {
      name: 'pages',
      configureServer: ({ middlewares }) =>
        void middlewares.use((request: { url?: string | undefined }, _, next) => {
          request.url = request.url?.replace(/^\/(wards|report|import)(?=$|\?)/, '/$1.html');
          next();
        }),
    },
  ],
  // `npm run dev` takes its data from a server that runs beside it.
  server: {
    // Tests compare the words of imports and of results with the server's source.
    fs: { allow: ['.', '../GeoSanitation.Server/Imports', '../GeoSanitation.Server/Hotspots', '../GeoSanitation.Hotspots'] },
    proxy: Object.fromEntries(['/api', '/tiles', '/geodata'].map((path) => [path, loadEnv('', '.', 'GEOSAN_').GEOSAN_URL ?? 'http://127.0.0.1:5080'])),
  },
});
