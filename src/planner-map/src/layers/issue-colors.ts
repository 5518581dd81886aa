import type { ExpressionSpecification } from 'maplibre-gl';
import type { Palette } from '../colors';
import type { Choices } from '../view';

/**
 * The color of an issue.
 * @param topCategories Codes of each category on top and those below it; as many as the palette has colors for are told apart.
 */
export function issueColor(by: Choices['issues'], palette: Palette, topCategories: readonly (readonly string[])[]): ExpressionSpecification | string {
  switch (by) {
    case 'state':
      return ['case', ['get', 'overdue'], palette.overdue, ['match', ['get', 'status'], ['closed', 'rejected'], true, false], palette.done, palette.open];
    case 'severity':
      return match('severity', palette.severities.map((color, i) => [i + 1, color]), palette.done);
    case 'status':
      return match('status', Object.entries(palette.statuses), palette.done);
    case 'category': {
      const colored = topCategories.slice(0, palette.categories.length);
      return colored.length === 0 ? palette.done : match('category', colored.map((codes, i) => [[...codes], palette.categories[i]!]), palette.done);
    }
  }
}

function match(property: string, branches: readonly (readonly [string | number | string[], string])[], otherwise: string): ExpressionSpecification {
  return ['match', ['get', property], ...branches.flat(1), otherwise] as unknown as ExpressionSpecification;
}
