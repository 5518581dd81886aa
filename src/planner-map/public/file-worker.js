// Lets the browser itself write a file to disk that takes a key, which a link could not show: the page says what it wants, then opens the address of this worker that it is told of,
// whose answer is that of the server, as it comes.
const wanted = new Map();

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('message', ({ data, ports: [page] }) => {
  const id = crypto.randomUUID();
  wanted.set(id, { ...data, page });
  page.postMessage({ id });
});

self.addEventListener('fetch', (event) => {
  const id = new URL(event.request.url).pathname.split('/').at(-1);
  const file = wanted.get(id);
  if (file) {
    wanted.delete(id);
    event.respondWith(answerFor(file));
  }
});

/** The file, or nothing, which leads nowhere; the page hears how it went. */
async function answerFor({ address, headers, name, page }) {
  const nothing = new Response(null, { status: 204 });
  try {
    const answer = await fetch(address, { headers });
    if (answer.status !== 200) {
      page.postMessage({ status: answer.status, problem: await answer.json().catch(() => null) });
      return nothing;
    }
    page.postMessage({ status: 200 });
    return new Response(answer.body, { headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } });
  } catch {
    page.postMessage({ status: 0 });
    return nothing;
  }
}
