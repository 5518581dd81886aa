import { isDark, paletteOf } from './colors';
import { circles, patterns, type Answers } from './data';
import * as format from './format';
import { t, word } from './i18n';
import { Counts } from './legend-counts';
import { Hexagon, Ring } from './marks';
import { patternGroups, patternsIn, type PatternGroup } from './methods';
import { choices, choose, circleQuestions } from './view';

/** Groups of patterns over time, with how many cells have each. */
export function PatternGroups() {
  const colors = paletteOf(isDark.value).patterns;
  const explain = patterns.value.value?.explain;
  const cellsOf = (answers: Answers, group: PatternGroup): number | null => {
    const counts = answers.patterns.value.value?.explain.patterns as Record<string, number> | undefined;
    return counts ? patternsIn(group).reduce((sum, name) => sum + (counts[name] ?? 0), 0) : null;
  };
  return (
    <div class="legend">
      <ul class="keys">
        {patternGroups.map((group) => (
          <li key={group}>
            <Hexagon color={colors[group]} />
            <span>
              {t(`pattern.${group}`)} <small>{t(`pattern.${group}.about`)}</small>
            </span>
            <Counts of={(answers) => cellsOf(answers, group)} />
          </li>
        ))}
      </ul>
      {explain && (
        <p class="quiet">
          {t('legend.patterns', {
            n: Number(explain.cells),
            size: format.distance(Number(explain.parameters.size?.value)),
            steps: Number(explain.parameters.steps?.value),
            step: word('step', String(explain.parameters.step?.value)),
          })}
        </p>
      )}
      <Waiting loading={patterns.value.loading && !explain} />
    </div>
  );
}

/** What the circles are asked, and how many there are. */
export function CircleNumbers() {
  const answer = circles.value;
  const explain = answer.value?.explain;
  return (
    <div class="legend">
      <div class="choice" role="radiogroup" aria-label={t('circles.question')}>
        {circleQuestions.map((question) => (
          <label key={question}>
            <input type="radio" name="circles" checked={choices.value.circles === question} onChange={() => choose({ circles: question })} />
            {t(`circles.${question}`)}
          </label>
        ))}
      </div>
      {explain && (
        <>
          <ul class="keys">
            <li>
              <Ring color={paletteOf(isDark.value).circle} />
              {t('legend.circles')}
              <Counts of={(answers) => answers.circles.value.value?.features.length ?? null} />
            </li>
          </ul>
          <p class="quiet">{t('legend.circles.about', { radius: format.distance(Number(explain.parameters.max_radius?.value)) })}</p>
        </>
      )}
      <Waiting loading={answer.loading && !explain} />
    </div>
  );
}

function Waiting({ loading }: { loading: boolean }) {
  return loading ? <p class="quiet">{t('state.computing')}</p> : null;
}
