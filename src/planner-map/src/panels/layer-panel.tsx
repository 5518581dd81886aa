import { baseMap, baseMaps } from '../base-maps';
import { Legend } from '../legend';
import * as format from '../format';
import { nameOf, t } from '../i18n';
import { baseMapId, changeLayer, layers, type LayerId } from '../view';

/** From what is read first to what is only background. */
const order: readonly LayerId[] = ['heatmap', 'cells', 'patterns', 'circles', 'clusters', 'density', 'issues', 'counts', 'figures', 'wards', 'backdrop'];

/** Every layer with its switch, its opacity and its legend. */
export function LayerPanel() {
  return (
    <>
      <h2>{t('layers.title')}</h2>
      <ul class="layer-list">
        {order.map((id) => (
          <LayerEntry key={id} id={id} />
        ))}
      </ul>
    </>
  );
}

function LayerEntry({ id }: { id: LayerId }) {
  const { shown, opacity } = layers.value[id];
  return (
    <li class={shown ? 'layer shown' : 'layer'}>
      <div class="layer-head">
        <label class="switch">
          <input type="checkbox" checked={shown} onChange={(event) => changeLayer(id, { shown: event.currentTarget.checked })} />
          <span>
            {t(`layer.${id}`)}
            <small>{t(`layer.${id}.about`)}</small>
          </span>
        </label>
        {shown && (
          <input
            type="range"
            min="10"
            max="100"
            step="5"
            value={Math.round(opacity * 100)}
            title={t('layers.opacity', { percent: format.percent(opacity) })}
            aria-label={`${t(`layer.${id}`)}: ${t('layers.opacity', { percent: format.percent(opacity) })}`}
            onInput={(event) => changeLayer(id, { opacity: Number(event.currentTarget.value) / 100 })}
          />
        )}
      </div>
      {shown && <Legend id={id} />}
      {shown && id === 'backdrop' && <BaseMapChoice />}
    </li>
  );
}

/** The local backdrop or one of the base maps that the operator offers; nothing to choose where there are none. */
function BaseMapChoice() {
  return baseMaps.value.length === 0 ? null : (
    <div class="legend">
      <label class="choose">
        {t('base')}
        <select value={baseMap.value?.id ?? ''} onChange={(event) => (baseMapId.value = event.currentTarget.value || null)}>
          <option value="">{t('base.local')}</option>
          {baseMaps.value.map((map) => (
            <option key={map.id} value={map.id}>
              {nameOf(map)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
