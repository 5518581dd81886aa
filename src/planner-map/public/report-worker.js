// Keeps the page for reports on the device, so that it opens without a network. Reports themselves wait in the page's own store.
const kept = 'report';
const lasting = /\/assets\//;
const useful = /\/(api\/categories|tiles\/wards|geodata\/|icon\.svg|report\.webmanifest)/;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) {
    return;
  }
  if (request.mode === 'navigate') {
    event.respondWith(networkFirst(request, './report'));
  } else if (lasting.test(address.pathname)) {
    event.respondWith(keptFirst(request));
  } else if (useful.test(address.pathname)) {
    event.respondWith(networkFirst(request, request));
  }
});

/** The page with all that it loads, now or later: its files name each other. */
async function keepShell() {
  const cache = await caches.open(kept);
  const page = await fetch('./report');
  const names = hashedNames(await page.clone().text());
  await cache.addAll(['./icon.svg', './api/categories', './tiles/wards.json']);
  for (const name of names) {
    const answer = await fetch(`./assets/${name}`);
    await cache.put(`./assets/${name}`, answer.clone());
    if (name.endsWith('.js')) {
      hashedNames(await answer.text()).forEach((more) => names.add(more));
    }
  }
  // Last: a page in the store has all of its files there.
  await cache.put('./report', page);
}

/** Names of files with a hash in them, as the build writes them into pages and scripts. */
function hashedNames(text) {
  return new Set([...text.matchAll(/["'`](?:\.\/)?(?:assets\/)?([\w.-]+-[\w-]{8}\.(?:js|mjs|css))["'`]/g)].map((match) => match[1]));
}

async function networkFirst(request, name) {
  const cache = await caches.open(kept);
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      await cache.put(name, answer.clone());
    }
    return answer;
  } catch (error) {
    const known = await cache.match(name, { ignoreSearch: name === './report' });
    if (known) {
      return known;
    }
    throw error;
  }
}

async function keptFirst(request) {
  const cache = await caches.open(kept);
  const known = await cache.match(request);
  if (known) {
    return known;
  }
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
  }
  return answer;
}
