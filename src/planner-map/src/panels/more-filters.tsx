import type { ComponentChildren } from 'preact';
import { overview, summary } from '../data';
import * as format from '../format';
import { nameOf, t, word } from '../i18n';
import { changeFilter, filter, toggled } from '../view';
import { Popover } from './popover';

interface Option {
  value: string;
  name: string;
  /** Issues under the present filter; 0 where there are none. */
  count: number;
}

/** Who found it, in which inspection round, and whose department it is. */
export function MoreFilters() {
  const { sources, rounds, departments } = filter.value;
  const [all, now] = [overview.value.value, summary.value.value];
  if (!all) {
    return null;
  }
  const counts = (list: readonly { count: number; value?: string; code?: string }[] | undefined): Map<string, number> =>
    new Map(list?.map((entry) => [entry.value ?? entry.code!, entry.count]));
  const options = (values: readonly string[], chosen: readonly string[], nowThere: Map<string, number>, name: (value: string) => string): Option[] =>
    [...new Set([...values, ...chosen])].map((value) => ({ value, name: name(value), count: nowThere.get(value) ?? 0 }));
  const roundNames = new Map(all.by_round.map((round) => [round.code, nameOf(round)]));
  const chosen = sources.length + rounds.length + departments.length;
  return (
    <Popover label={chosen === 0 ? t('filter.more') : t('filter.more.set', { n: chosen })} set={chosen > 0} title={t('filter.more.title')}>
      <Group title={t('filter.sources')} options={options(all.by_source.map((s) => s.value), sources, counts(now?.by_source), (value) => word('source', value))} chosen={sources} onChange={(list) => changeFilter({ sources: list })} />
      <Group title={t('filter.rounds')} options={options(all.by_round.map((r) => r.code), rounds, counts(now?.by_round), (code) => roundNames.get(code) ?? code)} chosen={rounds} onChange={(list) => changeFilter({ rounds: list })} />
      <Group title={t('filter.departments')} options={options(all.by_department.map((d) => d.value), departments, counts(now?.by_department), (value) => value)} chosen={departments} onChange={(list) => changeFilter({ departments: list })}>
        <span class="quiet">{t('filter.departments.about')}</span>
      </Group>
    </Popover>
  );
}

function Group({ title, options, chosen, onChange, children }: { title: string; options: readonly Option[]; chosen: readonly string[]; onChange(chosen: string[]): void; children?: ComponentChildren }) {
  return options.length === 0 ? null : (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
      <ul class="checks">
        {options.map(({ value, name, count }) => (
          <li key={value}>
            <label>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => onChange(toggled(chosen, value))} />
              <span class="name">{name}</span>
              <span class="value">{format.count(count)}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
