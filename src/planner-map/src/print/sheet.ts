import * as format from '../format';
import { t } from '../i18n';
import type { MapPicture } from '../map';
import type { LegendBlock } from './legend-blocks';
import { metersPerPixel, roundLength } from './scale-bar';

export const dotsPerInch = 200;

/** A4 on its side, pixels. */
export const sheetWidth = Math.round((297 / 25.4) * dotsPerInch);
export const sheetHeight = Math.round((210 / 25.4) * dotsPerInch);

const margin = 80;
const headHeight = 150;
const footHeight = 50;
const legendWidth = 470;
const gap = 30;
const fonts = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif";
const ink = '#1b2430';
const quiet = '#55606e';

/** One of the maps on the sheet. */
export interface SheetMap extends MapPicture {
  /** What it is called, where there are two. */
  name: string;
}

export interface Sheet {
  title: string;
  filter: string;
  foot: string;
  maps: readonly SheetMap[];
  legends: readonly LegendBlock[];
}

/** How large each of n maps is on the sheet, pixels. */
export function mapSize(n: number): { width: number; height: number } {
  const width = sheetWidth - 2 * margin - legendWidth - gap;
  return { width: Math.floor((width - (n - 1) * gap) / n), height: sheetHeight - 2 * margin - headHeight - footHeight };
}

/** Draws everything: title, filter, maps with north arrow and scale bar, legends, source. */
export async function drawSheet(sheet: Sheet): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  canvas.width = sheetWidth;
  canvas.height = sheetHeight;
  const draw = canvas.getContext('2d')!;
  draw.fillStyle = '#ffffff';
  draw.fillRect(0, 0, sheetWidth, sheetHeight);
  draw.textBaseline = 'alphabetic';
  text(draw, sheet.title, margin, margin + 50, `600 52px ${fonts}`, ink, sheetWidth - 2 * margin);
  text(draw, sheet.filter, margin, margin + 106, `30px ${fonts}`, quiet, sheetWidth - 2 * margin);
  const { width, height } = mapSize(sheet.maps.length);
  const top = margin + headHeight;
  sheet.maps.forEach((map, i) => {
    const left = margin + i * (width + gap);
    draw.drawImage(map.picture, left, top, width, height);
    draw.strokeStyle = quiet;
    draw.lineWidth = 2;
    draw.strokeRect(left, top, width, height);
    if (map.name) {
      label(draw, map.name, left + 16, top + 16);
    }
    northArrow(draw, left + width - 60, top + 24);
    scaleBar(draw, map, left + width - 24, top + height - 24, width / 4);
  });
  await legends(draw, sheet.legends, sheetWidth - margin - legendWidth, top, top + height);
  text(draw, sheet.foot, margin, sheetHeight - margin, `24px ${fonts}`, quiet, sheetWidth - 2 * margin);
  return canvas;
}

function text(draw: CanvasRenderingContext2D, words: string, x: number, y: number, font: string, color: string, width?: number): void {
  draw.font = font;
  draw.fillStyle = color;
  draw.fillText(words, x, y, width);
}

function label(draw: CanvasRenderingContext2D, words: string, x: number, y: number): void {
  draw.font = `600 28px ${fonts}`;
  draw.fillStyle = 'rgb(255 255 255 / 90%)';
  draw.fillRect(x, y, draw.measureText(words).width + 28, 48);
  text(draw, words, x + 14, y + 34, draw.font, ink);
}

function northArrow(draw: CanvasRenderingContext2D, x: number, y: number): void {
  draw.fillStyle = 'rgb(255 255 255 / 85%)';
  draw.fillRect(x - 32, y - 12, 68, 112);
  draw.fillStyle = ink;
  draw.beginPath();
  draw.moveTo(x + 2, y);
  draw.lineTo(x + 22, y + 56);
  draw.lineTo(x + 2, y + 42);
  draw.lineTo(x - 18, y + 56);
  draw.fill();
  draw.textAlign = 'center';
  text(draw, t('print.north'), x + 2, y + 90, `600 30px ${fonts}`, ink);
  draw.textAlign = 'left';
}

/** From its lower right corner to the left. */
function scaleBar(draw: CanvasRenderingContext2D, map: SheetMap, right: number, bottom: number, most: number): void {
  const meters = metersPerPixel(map.lat, map.zoom) / map.ratio;
  const length = roundLength(most * meters);
  const pixels = length / meters;
  draw.fillStyle = 'rgb(255 255 255 / 85%)';
  draw.fillRect(right - pixels - 20, bottom - 64, pixels + 40, 76);
  draw.fillStyle = ink;
  draw.fillRect(right - pixels, bottom - 12, pixels, 8);
  draw.fillRect(right - pixels, bottom - 24, 4, 20);
  draw.fillRect(right - 4, bottom - 24, 4, 20);
  draw.textAlign = 'center';
  text(draw, format.distance(length), right - pixels / 2, bottom - 32, `26px ${fonts}`, ink);
  draw.textAlign = 'left';
}

async function legends(draw: CanvasRenderingContext2D, blocks: readonly LegendBlock[], left: number, top: number, bottom: number): Promise<void> {
  let y = top + 28;
  for (const block of blocks) {
    if (block.rows.length + block.notes.length === 0 && !block.scale) {
      continue;
    }
    if (y > bottom - 30) {
      return;
    }
    text(draw, block.title, left, y, `600 30px ${fonts}`, ink, legendWidth);
    y += 20;
    if (block.scale) {
      const gradient = draw.createLinearGradient(left, 0, left + legendWidth, 0);
      block.scale.colors.forEach((color, i, all) => gradient.addColorStop(i / (all.length - 1), color));
      draw.fillStyle = gradient;
      draw.fillRect(left, y, legendWidth, 26);
      draw.strokeStyle = '#d9dee4';
      draw.strokeRect(left, y, legendWidth, 26);
      block.scale.ticks.forEach((tick, i, all) => {
        draw.textAlign = i === 0 ? 'left' : i === all.length - 1 ? 'right' : 'center';
        text(draw, tick, left + (legendWidth * i) / (all.length - 1), y + 56, `24px ${fonts}`, ink);
      });
      draw.textAlign = 'left';
      y += 70;
    }
    for (const row of block.rows) {
      if (row.mark) {
        draw.drawImage(await loaded(row.mark), left, y + 4, 32, 32);
      }
      draw.textAlign = 'right';
      text(draw, row.value, left + legendWidth, y + 30, `24px ${fonts}`, quiet);
      const used = row.value ? draw.measureText(row.value).width + 12 : 0;
      draw.textAlign = 'left';
      text(draw, row.label, left + 44, y + 30, `26px ${fonts}`, ink, legendWidth - 44 - used);
      y += 42;
    }
    for (const note of block.notes) {
      for (const line of wrapped(draw, note, `22px ${fonts}`)) {
        text(draw, line, left, y + 24, draw.font, quiet);
        y += 28;
      }
    }
    y += 54;
  }
}

/** Lines that fit; between words where there are any, else between letters, as Chinese is broken. */
function wrapped(draw: CanvasRenderingContext2D, words: string, font: string): string[] {
  draw.font = font;
  const lines: string[] = [];
  let line = '';
  for (const piece of words.match(/[\p{Script=Han}，。；：（）]|[^\s\p{Script=Han}，。；：（）]+\s*/gu) ?? []) {
    if (line !== '' && draw.measureText((line + piece).trimEnd()).width > legendWidth) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => fail(new Error(address));
    image.src = address;
  });
}
