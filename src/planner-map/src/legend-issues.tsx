import { codesOf, topsByCount } from './categories';
import { isDark, paletteOf } from './colors';
import { summary } from './data';
import * as format from './format';
import { nameOf, t, word } from './i18n';
import { Dot } from './marks';
import { camera, choices, choose, issueColorings } from './view';

interface Key {
  color: string;
  label: string;
  count?: number;
}

/** What colors an issue, as the person chose, with how many there are under the filter. */
export function IssueColors() {
  const palette = paletteOf(isDark.value);
  const by = choices.value.issues;
  return (
    <div class="legend">
      <label class="choose">
        {t('issues.color')}
        <select value={by} onChange={(event) => choose({ issues: event.currentTarget.value as typeof by })}>
          {issueColorings.map((coloring) => (
            <option key={coloring} value={coloring}>
              {t(`issues.color.${coloring}`)}
            </option>
          ))}
        </select>
      </label>
      <ul class="keys">
        {keysOf(by).map(({ color, label, count }) => (
          <li key={label}>
            <Dot color={color} />
            <span>{label}</span>
            <span class="value">{count === undefined ? '' : format.count(count)}</span>
          </li>
        ))}
        <li>
          <Dot color="transparent" line={palette.selected} />
          {t('state.relapse')}
        </li>
      </ul>
      <p class="quiet">
        {t('legend.issues.size')} {(camera.value?.zoom ?? 0) < 14 && t('legend.issues.far')}
      </p>
    </div>
  );
}

function keysOf(by: (typeof issueColorings)[number]): Key[] {
  const palette = paletteOf(isDark.value);
  const numbers = summary.value.value;
  const withCount = (color: string, label: string, count: number | undefined): Key => ({ color, label, ...(count !== undefined && { count }) });
  switch (by) {
    case 'state':
      return [
        { color: palette.open, label: t('state.open') },
        { color: palette.overdue, label: t('state.overdue') },
        { color: palette.done, label: t('state.done') },
      ];
    case 'severity':
      return palette.severities.map((color, i) => withCount(color, t('issue.severity', { n: i + 1 }), numbers?.by_severity[i + 1]));
    case 'status':
      return Object.entries(palette.statuses).map(([status, color]) => withCount(color, word('status', status), numbers?.by_status[status]));
    case 'category': {
      const counts = new Map(numbers?.by_category.map(({ code, count }) => [code, count]));
      const sum = (codes: string[]): number => codes.reduce((all, code) => all + (counts.get(code) ?? 0), 0);
      const colored = topsByCount.value.slice(0, palette.categories.length);
      const others = topsByCount.value.slice(palette.categories.length).flatMap(codesOf);
      return [
        ...colored.map((top, i) => withCount(palette.categories[i]!, nameOf(top), numbers ? sum(codesOf(top)) : undefined)),
        ...(others.length > 0 ? [withCount(palette.done, t('issues.color.others'), numbers ? sum(others) : undefined)] : []),
      ];
    }
  }
}
