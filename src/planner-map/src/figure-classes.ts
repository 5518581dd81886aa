import { computed } from '@preact/signals';
import { main, other } from './data';
import { classEnds, valueOf } from './figures';
import { choices, comparison } from './view';

/** Upper ends of the classes of the shown figure; of both periods together where two are compared, so that a color means the same on both maps. */
export const figureClasses = computed(() => {
  const wards = [main, ...(comparison.value ? [other] : [])].flatMap((answers) => answers.scorecards.value.value?.wards ?? []);
  return classEnds(wards.map((ward) => valueOf(ward, choices.value.figure)).filter((value) => value !== null));
});
