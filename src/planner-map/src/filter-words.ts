import { categories } from './categories';
import { listed, nameOf, t, word } from './i18n';
import { periodName } from './panels/period-choice';
import { isAnySeverity, severityName } from './panels/severity-choice';
import type { Filter } from './view';
import { wardTree } from './wards';

/** A filter in words, part by part: "Last 90 days", "Nan'an Subdistrict", "Severity 3 or higher". What is not narrowed down is left out, but for the time. */
export function filterInWords(filter: Filter): string[] {
  const { byCode: wards } = wardTree.value;
  const { byCode: kinds } = categories.value;
  const names = (codes: readonly string[], of: ReadonlyMap<string, { name: string; name_en: string | null }>): string =>
    listed(codes.map((code) => (of.has(code) ? nameOf(of.get(code)!) : code)));
  return [
    periodName(filter.period),
    names(filter.wards, wards) || t('filter.wards.all'),
    names(filter.categories, kinds) || t('filter.categories.all'),
    listed(filter.statuses.map((status) => word('status', status))),
    isAnySeverity(filter.severity) ? '' : severityName(filter.severity),
    filter.overdue ? t('filter.overdue') : '',
    filter.relapse ? t('filter.relapse') : '',
    filter.area ? t('area.drawn') : '',
  ].filter((part) => part !== '');
}
