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
    event.respondWith(openPage(event));
  } else if (lasting.test(address.pathname)) {
    event.respondWith(keptFirst(request));
  } else if (useful.test(address.pathname)) {
    event.respondWith(networkFirst(request));
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
    if (!answer.ok) {
      throw new Error(`${name}: ${answer.status}`);
    }
    await cache.put(`./assets/${name}`, answer.clone());
    if (name.endsWith('.js')) {
      hashedNames(await answer.text()).forEach((more) => names.add(more));
    }
  }
  // Last: a page in the store has all of its files there.
  await cache.put('./report', page);
  const known = (await cache.keys()).filter(({ url }) => lasting.test(url) && !names.has(url.split('/').pop()));
  await Promise.all(known.map((file) => cache.delete(file)));
}

/** The page as the server has it now; without a network as it is kept. */
async function openPage(event) {
  const cache = await caches.open(kept);
  try {
    const page = await fetch(event.request);
    if (page.ok) {
      event.waitUntil(keepUp(cache, page.clone()));
    }
    return page;
  } catch (error) {
    return (await cache.match('./report')) ?? Promise.reject(error);
  }
}

/** A page of another build names other files: it is kept when they are. */
async function keepUp(cache, page) {
  const known = await cache.match('./report');
  if (!known || (await known.text()) !== (await page.text())) {
    await keepShell().catch(() => undefined);
  }
}

/** Names of files with a hash in them, as the build writes them into pages and scripts. */
function hashedNames(text) {
  return new Set([...text.matchAll(/["'`](?:\.\/)?(?:assets\/)?([\w.-]+-[\w-]{8}\.(?:js|mjs|css))["'`]/g)].map((match) => match[1]));
}

async function networkFirst(request) {
  const cache = await caches.open(kept);
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    return (await cache.match(request)) ?? Promise.reject(error);
  }
}

async function keptFirst(request) {
  const cache = await caches.open(kept);
  return (await cache.match(request)) ?? fetch(request);
}
