// Measures the planners' map in a browser as a person has it: node page.mjs FOLDER ADDRESS VISITS CHANGES. Says the measurements as `value NAME NUMBER`; milliseconds.
import { chromium } from 'playwright-core';

const [, address, visits, changes] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const software = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', ...software] });
console.log('version Chromium', browser.version());

// What is seen: numbers on top and all tiles of the heatmap as plain pictures, by the browser's own word for when they were on the screen; looked at with every frame, all tiles
// drawn by the map, and everything there that was asked for. What WebGL keeps the page's thread waiting for until then is added up.
const watch = () => {
  window.seen = {};
  let graphics = 0;
  const pictures = new Set();
  new MutationObserver(() => document.querySelectorAll('.headline, .stand-in img').forEach((element) => (element.elementTiming ||= 'seen'))).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { element, renderTime } of list.getEntries()) {
      if (element?.matches('.headline')) {
        window.seen.numbers ??= renderTime;
      } else if (element?.matches('.stand-in img') && pictures.add(element).size === document.querySelectorAll('.stand-in img').length) {
        window.seen.plain ??= renderTime;
      }
    }
  }).observe({ type: 'element', buffered: true });
  for (const [type, names] of [[WebGL2RenderingContext, ['compileShader', 'linkProgram', 'getProgramParameter', 'getUniformBlockIndex', 'getActiveUniform', 'texImage2D', 'texSubImage2D', 'bufferData', 'drawElements', 'clear']], [HTMLCanvasElement, ['getContext']]]) {
    for (const name of names) {
      const act = type.prototype[name];
      type.prototype[name] = function (...given) {
        const start = performance.now();
        const result = act.apply(this, given);
        graphics += performance.now() - start;
        return result;
      };
    }
  }
  const note = (name, is) => (window.seen[name] ??= is ? performance.now() : undefined);
  const look = () => {
    const element = document.querySelector('.map');
    const map = element?.plannerMap?.map;
    note('canvas', map);
    note('heatmap', map?.getSource('heatmap')?.tiles?.length > 0 && map.isSourceLoaded('heatmap'));
    window.seen.graphics = window.seen.heatmap ? window.seen.graphics : graphics;
    note('all', map && window.seen.heatmap && element.dataset.state === 'idle');
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

const open = async () => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 880 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(address);
  await page.waitForFunction(() => window.seen.all && window.seen.numbers, null, { timeout: 120_000 });
  return page;
};
const look = 1000;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (name, number) => console.log('value', name, number);

// The first visit, in a browser that stands open with an empty page, starts WebGL and asks the server what nobody has asked it; later ones find nothing in the browser's cache either.
await (await browser.newPage()).waitForTimeout(look);
const seen = [];
let page;
for (let visit = 0; visit < visits; visit++) {
  await page?.context().close();
  page = await open();
  seen.push(await page.evaluate(() => window.seen));
}
for (const [name, of] of [['first', seen.slice(0, 1)], ['later', seen.slice(1)]]) {
  for (const what of ['numbers', 'plain', 'canvas', 'heatmap', 'graphics', 'all']) {
    say(`${name}-${what}`, median(of.map((s) => s[what])));
  }
  say(`${name}-picture`, median(of.map((s) => Math.max(s.numbers, Math.min(s.plain ?? Infinity, s.heatmap)))));
}

// Each click adds a category: a filter that nobody has asked for. From the click to the first frame with all tiles of the new heatmap, and until the browser draws the frame after the next,
// which waits for what was drawn to be on the screen. Between clicks a person looks at the map, while graphics by software still draw what the page is done with.
await page.getByRole('button', { name: 'All categories' }).click();
const boxes = page.locator('.choices [role=treeitem]');
const times = [];
const screens = [];
const answers = [];
page.on('requestfinished', (request) => /heatmap.*png/.test(request.url()) && answers.push(request.timing().responseStart));
for (let change = 0; change < changes; change++) {
  await page.evaluate(() => {
    const { plannerMap } = document.querySelector('.map');
    const { map } = plannerMap;
    const before = plannerMap.tilesOf('heatmap');
    window.changed = new Promise((done) => {
      addEventListener('click', (event) => {
        map.on('sourcedata', function look(data) {
          if (data.sourceId === 'heatmap' && data.tile && plannerMap.tilesOf('heatmap') !== before && map.isSourceLoaded('heatmap')) {
            map.off('sourcedata', look);
            map.once('render', () => {
              const drawn = performance.now() - event.timeStamp;
              requestAnimationFrame(() => requestAnimationFrame(() => done([drawn, performance.now() - event.timeStamp])));
            });
          }
        });
      }, { once: true, capture: true });
    });
  });
  await page.waitForTimeout(look);
  await boxes.nth(change).click();
  const [drawn, shown] = await page.evaluate(() => window.changed);
  times.push(drawn);
  screens.push(shown);
  await page.locator('.map:not(.other)[data-state=idle]').waitFor();
}
await page.keyboard.press('Escape');
say('change-median', median(times));
say('change-longest', Math.max(...times));
say('change-shown', median(screens));
say('change-answers', median(answers));

// Panning by the pointer, there and back, with everything that the map shows at first. Time of each program file by the profiler; long tasks by the browser.
await page.evaluate(() => {
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask' });
});
const profiler = await page.context().newCDPSession(page);
await profiler.send('Profiler.enable');
await profiler.send('Profiler.start');
const box = await page.locator('.map:not(.other)').boundingBox();
for (const [x, y] of [[-250, 120], [250, -120], [200, 150], [-200, -150]]) {
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 30 });
  await page.mouse.up();
  await page.waitForTimeout(500);
}
const { profile } = await profiler.send('Profiler.stop');
const files = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.url.split('/').pop()]));
const byFile = {};
profile.samples.forEach((id, i) => (byFile[files.get(id)] = (byFile[files.get(id)] ?? 0) + profile.timeDeltas[i] / 1000));
const tasks = await page.evaluate(() => window.tasks);
const isLibrary = (file) => file.startsWith('maplibre');
say('pan-own', Object.keys(byFile).filter((file) => file && !isLibrary(file)).reduce((sum, file) => sum + byFile[file], 0));
say('pan-library', Object.keys(byFile).filter(isLibrary).reduce((sum, file) => sum + byFile[file], 0));
say('pan-tasks', tasks.length);
say('pan-longest-task', Math.max(0, ...tasks));
await browser.close();
