import { baseMap } from '../base-maps';
import { onPaper } from '../colors';
import { main, mapLoading, other } from '../data';
import { filterInWords } from '../filter-words';
import * as format from '../format';
import { t } from '../i18n';
import type { PlannerMap } from '../map';
import { periodName } from '../panels/period-choice';
import { comparison, filter } from '../view';
import { legendBlocks } from './legend-blocks';
import { withDensity } from './png-density';
import { dotsPerInch, drawSheet, mapSize } from './sheet';

/** The picture to print: a PNG file, A4 on its side. @param maps The map of the page, and before it the one of the second period, where there is one. */
export async function printedMap(title: string, maps: readonly PlannerMap[]): Promise<Blob> {
  onPaper.value = true;
  try {
    await settled();
    const { width, height } = mapSize(maps.length);
    const now = comparison.value;
    const names = maps.length === 2 && now ? [`A  ${periodName(now.period)}`, `B  ${periodName(filter.value.period)}`] : [''];
    const pictures = await Promise.all(maps.map((map) => map.picture(width, height)));
    const list = document.querySelector('.layer-list')!;
    const version = main.summary.value.value?.data_version ?? '';
    const sheet = await drawSheet({
      title,
      filter: filterInWords(filter.value).join(' · '),
      foot: [baseMap.value?.attribution, t('print.foot', { host: location.host, version, day: format.day(new Date().toISOString(), main.summary.value.value?.time_zone) })].filter(Boolean).join(' · '),
      maps: pictures.map((picture, i) => ({ ...picture, name: names[i]! })),
      legends: legendBlocks(list),
    });
    const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done, 'image/png'));
    return new Blob([withDensity(new Uint8Array(await blob!.arrayBuffer()), dotsPerInch)], { type: 'image/png' });
  } finally {
    onPaper.value = false;
  }
}

/** Waits until all that the map draws is there: the colors of paper may need other pictures. */
async function settled(): Promise<void> {
  const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
  const waits = (): boolean =>
    mapLoading.value || [main, other].some((answers) => [answers.cells, answers.clusters, answers.contours, answers.patterns, answers.circles, answers.scorecards, answers.heatmapLegend].some((a) => a.value.loading));
  await frame();
  await frame();
  while (waits()) {
    await frame();
  }
}
