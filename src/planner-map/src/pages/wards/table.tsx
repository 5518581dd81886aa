import * as format from '../../format';
import { locale, nameOf, t, word } from '../../i18n';
import { change, written } from './figures';
import { columns, found, sorted, type Basis, type Column, type Scorecard } from './scorecards';
import { mapAddress, order, pageAddress, search } from './state';
import { TrendLine } from './trend-line';

/** Wards, one to a row, in the order that the person chose. */
export function WardTable({ cards, steps, caption }: { cards: readonly Scorecard[]; steps: Basis['steps']; caption: string }) {
  const shown = sorted(found(cards, search.value), order.value, nameOf, locale());
  if (shown.length === 0) {
    return <p class="quiet">{t(cards.length === 0 ? 'wards.empty' : 'choices.nothing')}</p>;
  }
  return (
    <div class="table-room" tabIndex={0} role="region" aria-label={caption}>
      <table class="wards">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column} column={column} />
            ))}
            <th scope="col">{steps ? t(`trend.${steps.step}`) : ''}</th>
            <th scope="col">
              <span class="unseen">{t('page.map')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((card) => (
            <Row key={card.code} card={card} steps={steps} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column }: { column: Column }) {
  const { by, descending } = order.value;
  const sorts = by === column;
  return (
    <th scope="col" class={column === 'name' ? 'name' : 'number'} aria-sort={sorts ? (descending ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        title={t(`wards.${column}.about`)}
        onClick={() => (order.value = { by: column, descending: sorts ? !descending : column !== 'name' && column !== 'on_time_rate' })}
      >
        {t(`wards.${column}`)}
        <svg viewBox="0 0 8 8" class="arrow" aria-hidden="true">{sorts && <path d={descending ? 'M1 2l3 4 3-4' : 'M1 6l3-4 3 4'} />}</svg>
      </button>
    </th>
  );
}

function Row({ card, steps }: { card: Scorecard; steps: Basis['steps'] }) {
  return (
    <tr data-code={card.code}>
      <th scope="row" class="name">
        <a href={pageAddress(card.code)}>{nameOf(card)}</a>
        <small>{[word('level', card.level), card.responsible].filter(Boolean).join(' · ')}</small>
      </th>
      {columns.slice(1).map((column) => {
        const { value, note } = written(card, column as Exclude<Column, 'name'>);
        const bad = column === 'overdue' && card.overdue > 0;
        return (
          <td key={column} class={bad ? 'number bad' : 'number'} data-column={column}>
            {value}
            <small>{column === 'total' && card.previous ? change(card.total, card.previous.total) : column === 'per_km2' ? t('wards.area', { area: format.area(card.area_km2 * 1e6) }) : note}</small>
          </td>
        );
      })}
      <td>
        <TrendLine trend={card.trend} steps={steps} />
      </td>
      <td>
        <a class="button" href={mapAddress(card.code)} aria-label={t('wards.to-map', { name: nameOf(card) })} title={t('wards.to-map', { name: nameOf(card) })}>
          {t('page.map')}
        </a>
      </td>
    </tr>
  );
}
