import { defineConfig, loadEnv, type Rollup } from 'vite';

// Tests compare the words of refusals, imports and results with the server's source.
const serverSources = ['../GeoSanitation.Hotspots', ...['Imports', 'Hotspots', 'Issues', 'Scorecards', 'Parameters', 'Security', 'Filters', 'GeoJson'].map((folder) => `../GeoSanitation.Server/${folder}`)];

// The pages are files of the server; every address in them is relative, so that they also work below a path of a proxy.
export default defineConfig({
  base: './',
  build: {
    outDir: '../GeoSanitation.Server/wwwroot',
    emptyOutDir: true,
    rollupOptions: {
      input: ['index.html', 'wards.html', 'report.html', 'import.html'],
      output: { manualChunks: chunkOf },
    },
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  plugins: [
    // What the map's page asks for first is asked for beside its program; the program of the map itself, which comes after the first numbers, behind that.
    {
      name: 'early',
      transformIndexHtml: (_, { bundle, chunk: page }) => {
        const map = Object.values(bundle ?? {}).find((part) => part.type === 'chunk' && part.name === 'map' && page?.dynamicImports.includes(part.fileName));
        if (map?.type !== 'chunk') {
          return [];
        }
        const answers = ['api/issues/summary', 'tiles/wards.json', 'api/base-maps'].map((path) => ({ as: 'fetch', href: `./${path}` }));
        const chunks = [map.fileName, ...map.imports].filter((file) => file !== page?.fileName && !page?.imports.includes(file));
        const styles = chunks.flatMap((file) => [...((bundle?.[file] as Rollup.OutputChunk).viteMetadata?.importedCss ?? [])]);
        const program = [...chunks, ...styles].map((file) => ({ as: file.endsWith('.css') ? 'style' : 'script', href: `./${file}`, fetchpriority: 'low' }));
        return [...answers, ...program].map((attrs) => ({ tag: 'link', attrs: { rel: 'preload', crossorigin: true, ...attrs }, injectTo: 'head' as const }));
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
    fs: { allow: ['.', ...serverSources] },
    proxy: Object.fromEntries(['/api', '/tiles', '/geodata'].map((path) => [path, loadEnv('', '.', 'GEOSAN_').GEOSAN_URL ?? 'http://127.0.0.1:5080'])),
  },
});

/** The map library is a file by itself, kept by browsers while the page around it changes; what several pages have in common is one file, not ten small ones. */
function chunkOf(id: string, { getModuleInfo }: Rollup.ManualChunkMeta): string | undefined {
  if (id.includes('/maplibre-gl/')) {
    return 'maplibre';
  }
  if (id.endsWith('.css')) {
    return undefined;
  }
  const above = new Set([id]);
  for (const one of above) {
    getModuleInfo(one)?.importers.forEach((importer) => above.add(importer));
  }
  return [...above].filter((one) => one.endsWith('.html')).length > 1 ? 'shared' : undefined;
}
