import * as format from '../format';
import { nameOf, t, word } from '../i18n';
import { valueOf, withUnit } from '../figures';
import { choices } from '../view';
import type { Hit } from '../map';
import { circleLine, patternLine, patternTitle } from './change-details';
import { categories } from '../categories';

export interface TooltipAt {
  hit: Hit;
  /** Pixels from the upper left corner of the map. */
  x: number;
  y: number;
}

/** One or two lines about what is under the pointer. */
export function Tooltip({ at }: { at: TooltipAt | null }) {
  if (!at) {
    return null;
  }
  const [title, line] = textOf(at.hit);
  return (
    <div class="tooltip" style={{ transform: `translate(${Math.round(at.x + 14)}px, ${Math.round(at.y + 14)}px)` }} aria-hidden="true">
      <strong>{title}</strong>
      {line && <span>{line}</span>}
    </div>
  );
}

function textOf({ layer, properties: p, answers }: Hit): [string, string?] {
  const n = Number(p.point_count ?? p.count);
  switch (layer) {
    case 'cells':
      return [
        word('class', String(p.class)),
        t('cell.line', { n, z: format.amount(Number(p.z)), q: format.related(Number(p.q)) }),
      ];
    case 'patterns':
      return [patternTitle(String(p.pattern)), patternLine(String(p.cell), answers)];
    case 'circles':
      return [t('circle.times', { times: format.amount(Number(p.relative_risk)) }), circleLine(Number(p.rank), answers)];
    case 'clusters':
      return [t('cluster.name', { n }), t('cluster.density', { d: format.amount(Number(p.density_per_km2)) })];
    case 'counts':
      return [t('issues', { n }), t('counts.hint')];
    case 'issues': {
      const category = categories.value.byCode.get(String(p.category));
      return [category ? nameOf(category) : String(p.category), `${word('status', String(p.status))}${p.overdue ? ` · ${t('overdue')}` : ''}${p.relapse ? ` · ${t('relapse')}` : ''}`];
    }
    case 'figures': {
      const ward = answers.scorecards.value.value?.wards.find((w) => w.code === p.code);
      const value = ward && valueOf(ward, choices.value.figure);
      return [nameOf({ name: String(p.name), name_en: p.name_en as string | null }), `${t(`figure.${choices.value.figure}`)}: ${value === null || value === undefined ? '–' : withUnit(value, choices.value.figure)}${ward ? ` · ${t('issues', { n: ward.total })}` : ''}`];
    }
    default:
      return [nameOf({ name: String(p.name), name_en: p.name_en as string | null }), word('level', String(p.level))];
  }
}
