import { isDark, paletteOf } from './colors';
import { main, type Answers } from './data';
import { figureClasses } from './figure-classes';
import { classOf, levels, plain, shownLevel, valueOf } from './figures';
import { t, word } from './i18n';
import { Counts } from './legend-counts';
import { Square } from './marks';
import { choices, choose, figureNames } from './view';

/** Which figure of which wards, and what its colors mean, with how many wards each has. */
export function FigureClasses() {
  const { figure } = choices.value;
  const colors = paletteOf(isDark.value).figures;
  const ends = figureClasses.value;
  const wardsIn = (answers: Answers, i: number): number | null =>
    answers.scorecards.value.value?.wards.filter((ward) => valueOf(ward, figure) !== null && classOf(valueOf(ward, figure)!, ends) === i).length ?? null;
  return (
    <div class="legend">
      <label class="choose">
        {t('figures.of')}
        <select value={figure} onChange={(event) => choose({ figure: event.currentTarget.value as typeof figure })}>
          {figureNames.map((name) => (
            <option key={name} value={name}>
              {t(`figure.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="choose">
        {t('figures.level')}
        <select value={shownLevel.value ?? ''} onChange={(event) => choose({ figureLevel: event.currentTarget.value })}>
          {levels.value.map(({ level, wards }) => (
            <option key={level} value={level}>
              {word('level', level)} ({wards})
            </option>
          ))}
        </select>
      </label>
      <ul class="keys">
        {ends.map((end, i) => (
          <li key={i}>
            <Square color={colors[i]!} />
            <span>{i === 0 ? t('figures.up-to', { end: plain(end, figure) }) : t('figures.between', { start: plain(ends[i - 1]!, figure), end: plain(end, figure) })}</span>
            <Counts of={(answers) => wardsIn(answers, i)} />
          </li>
        ))}
      </ul>
      <p class="quiet">{main.scorecards.value.loading && ends.length === 0 ? t('state.computing') : t('legend.figures')}</p>
    </div>
  );
}
