import { useLayoutEffect } from 'preact/hooks';
import { fewestCorners } from '../area';
import { addMiddle, canFinish, cancelDrawing, drawing, finishDrawing, isTangled, removeCorner } from '../drawing';
import { t } from '../i18n';

/** What can be done while an area is drawn, by pointer or by keyboard alone. */
export function DrawTools() {
  const isOn = drawing.value !== null;
  // At once: the first key may come before the next frame.
  useLayoutEffect(() => {
    if (!isOn) {
      return undefined;
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      // Buttons and fields have their own use for these keys.
      const isTaken = (event.target as Element).matches('button, input, select, textarea, summary, a, [role]:not([role=region])') && event.key !== 'Escape';
      const act = isTaken ? undefined : { ' ': addMiddle, Enter: finishDrawing, Backspace: removeCorner, Escape: cancelDrawing }[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isOn]);
  if (!isOn) {
    return null;
  }
  const n = drawing.value!.length;
  return (
    <div class="draw-tools" role="group" aria-label={t('draw')}>
      <p role="status">{isTangled.value ? t('draw.tangled') : n === 0 ? t('draw.hint') : n < fewestCorners ? t('draw.more', { n }) : t('draw.enough', { n })}</p>
      <button type="button" class="button" onClick={addMiddle}>
        {t('draw.add')}
      </button>
      <button type="button" class="button" disabled={n === 0} onClick={removeCorner}>
        {t('draw.undo')}
      </button>
      <button type="button" class="button primary" disabled={!canFinish.value} onClick={finishDrawing}>
        {t('draw.finish')}
      </button>
      <button type="button" class="button" onClick={cancelDrawing}>
        {t('draw.cancel')}
      </button>
    </div>
  );
}
