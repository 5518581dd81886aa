import { signal } from '@preact/signals';
import type { CellProperties } from '../api';
import { chosen as answers, clock, main } from '../data';
import * as format from '../format';
import { chooseWards } from '../go-to';
import { nameOf, t, word } from '../i18n';
import { formatPeriod } from '../period';
import { changeFilter, chosenLanguage, comparison, filter, selection, type Selection } from '../view';
import { chainOf, wardTree } from '../wards';
import { categories } from '../categories';
import { Circle, Pattern, patternTitle } from './change-details';
import { HowComputed } from './explain';
import { issueDetails, issueEvents, wardsAround } from './details-answers';
import { IssueMoves } from './issue-moves';
import { IssuePhotos } from './issue-photos';
import { placeName } from './numbers';
import { ErrorNote, Facts, Figure } from './parts';
import { periodName } from './period-choice';
import { PlaceAnswer } from './place-answer';

/** Everything else that lies where the person clicked. */
export const also = signal<readonly Selection[]>([]);

/** The panel about what was clicked. */
export function Details() {
  const selected = selection.value!;
  const others = also.value.filter((s) => s.kind !== selected.kind || s.id !== selected.id || s.of !== selected.of);
  return (
    <div class="details">
      <button type="button" class="link back" onClick={() => (selection.value = null)}>
        ‹ {t('details.back')}
      </button>
      {answers.value !== main && (
        <p class="quiet">
          <b>A</b> {periodName(comparison.value!.period)}
        </p>
      )}
      <Body selected={selected} />
      {others.length > 0 && others.length < also.value.length && (
        <section>
          <h3>{t('details.also')}</h3>
          <ul class="also">
            {others.map((other) => (
              <li key={`${other.kind}:${other.id}`}>
                <button type="button" class="link" onClick={() => (selection.value = other)}>
                  {titleOf(other)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Body({ selected }: { selected: Selection }) {
  switch (selected.kind) {
    case 'cell':
      return <Cell id={selected.id} />;
    case 'pattern':
      return <Pattern id={selected.id} />;
    case 'cluster':
      return <Cluster id={selected.id} />;
    case 'circle':
      return <Circle id={selected.id} />;
    case 'ward':
      return <Ward code={selected.id} />;
    case 'area':
      return <Area id={selected.id} />;
    case 'issue':
      return <Issue />;
  }
}

function Cell({ id }: { id: string }) {
  const answer = answers.value.cells.value;
  const cell = answer.value?.features.find((f) => f.properties.cell === id)?.properties;
  if (!cell || !answer.value) {
    return <p class="quiet">{answer.loading ? t('state.loading') : t('cell.gone')}</p>;
  }
  const explain = answer.value.explain;
  const around = wardsAround.value.value?.features.map((f) => f.properties) ?? [];
  return (
    <>
      <h2>{word('class', String(cell.class))}</h2>
      {around.length > 0 && <p class="quiet">{around.map(nameOf).join(' › ')}</p>}
      <p>{cellInWords(cell, Number(explain.mean))}</p>
      <dl class="figures">
        <Figure label={t('cell.count')} value={format.count(cell.count)} note={t('cell.mean', { mean: format.amount(Number(explain.mean)) })} />
        <Figure label="z" value={format.amount(cell.z)} note={t('cell.z')} />
        <Figure label="q" value={format.probability(cell.q)} note={t('cell.q')} />
      </dl>
      <Facts
        rows={[
          ['p', format.probability(cell.p)],
          [t('cell.neighbors'), format.count(cell.neighbors)],
          [t('cell.id'), cell.cell],
        ]}
      />
      <HowComputed method="gi-star" explain={explain} />
      <PlaceAnswer />
    </>
  );
}

function cellInWords(cell: CellProperties, mean: number): string {
  const level = { 1: 10, 2: 5, 3: 1 }[Math.abs(cell.class)] ?? 10;
  return t(cell.class > 0 ? 'cell.hot' : 'cell.cold', { level, mean: format.amount(mean) });
}

function Cluster({ id }: { id: string }) {
  const answer = answers.value.clusters.value;
  const cluster = answer.value?.features.find((f) => String(f.properties.cluster) === id)?.properties;
  if (!cluster || !answer.value) {
    return <p class="quiet">{answer.loading ? t('state.loading') : t('cluster.gone')}</p>;
  }
  const zone = clock.value?.zone ?? 'UTC';
  return (
    <>
      <h2>{t('cluster.name', { n: cluster.count })}</h2>
      <p class="quiet">{placeName(cluster.wards)}</p>
      <dl class="figures">
        <Figure label={t('cluster.per-km2')} value={format.amount(cluster.density_per_km2)} />
        <Figure label={t('cluster.area')} value={format.area(cluster.area_m2)} />
      </dl>
      <Facts
        rows={[
          [t('cluster.first'), format.day(cluster.first_reported, zone)],
          [t('cluster.last'), format.day(cluster.last_reported, zone)],
        ]}
      />
      <HowComputed method="dbscan" explain={answer.value.explain} />
      <PlaceAnswer />
    </>
  );
}

/** An area that the person has drawn. */
function Area({ id }: { id: string }) {
  const chosen = filter.value.area === id;
  const around = wardsAround.value.value?.features.map((f) => f.properties) ?? [];
  return (
    <>
      <h2>{t('area.drawn')}</h2>
      {around.length > 0 && <p class="quiet">{t('area.around', { place: around.map(nameOf).join(' › ') })}</p>}
      <p>
        <button type="button" class="button primary" onClick={() => changeFilter({ area: chosen ? null : id })}>
          {t(chosen ? 'area.clear' : 'area.filter')}
        </button>
      </p>
      <PlaceAnswer />
    </>
  );
}

function Ward({ code }: { code: string }) {
  const { byCode } = wardTree.value;
  const ward = byCode.get(code);
  const chosen = filter.value.wards.includes(code);
  return (
    <>
      <h2>{ward ? nameOf(ward) : code}</h2>
      <p class="quiet">
        {chainOf(code, byCode)
          .slice(0, -1)
          .map(nameOf)
          .join(' › ')}
      </p>
      <Facts
        rows={[
          [t('ward.level'), ward && word('level', ward.level)],
          [t('ward.responsible'), ward?.responsible],
        ]}
      />
      <p>
        <button type="button" class="button primary" onClick={() => (chosen ? changeFilter({ wards: filter.value.wards.filter((w) => w !== code) }) : void chooseWards([code]))}>
          {t(chosen ? 'ward.unfilter' : 'ward.filter')}
        </button>{' '}
        <a class="button" href={scorecardAddress(code)}>
          {t('ward.scorecard')}
        </a>
      </p>
      <PlaceAnswer />
    </>
  );
}

function Issue() {
  const answer = issueDetails.value;
  const zone = clock.value?.zone ?? 'UTC';
  if (!answer.value) {
    return answer.error ? <ErrorNote error={answer.error} retry={issueDetails.retry} /> : <p class="quiet">{t('state.loading')}</p>;
  }
  const issue = answer.value.properties;
  const category = categories.value.byCode.get(issue.category);
  const time = (value: string | null): string | null => value && format.moment(value, zone);
  return (
    <>
      <h2>{category ? nameOf(category) : issue.category}</h2>
      {issue.title && <p>{issue.title}</p>}
      <p class="badges">
        <span class="badge">{word('status', issue.status)}</span>
        <span class="badge">{t('issue.severity', { n: issue.severity })}</span>
        {issue.overdue && <span class="badge bad">{t('overdue')}</span>}
        {issue.relapse_of !== null && (
          <button type="button" class="badge" onClick={() => (selection.value = { kind: 'issue', id: String(issue.relapse_of) })}>
            {t('issue.relapse-of', { id: String(issue.relapse_of) })}
          </button>
        )}
      </p>
      {issue.description && <p>{issue.description}</p>}
      {issue.location_quality === 'default_point' && <p class="note">{t('issue.default-point')}</p>}
      <Facts
        rows={[
          [t('issue.address'), issue.address],
          [t('issue.ward'), issue.ward && chainOf(issue.ward, wardTree.value.byCode).map(nameOf).join(' › ')],
          [t('issue.responsible'), issue.responsible],
          [t('issue.department'), issue.department],
          [t('issue.reported'), time(issue.reported_at)],
          [t('issue.dispatched'), time(issue.dispatched_at)],
          [t('issue.due'), time(issue.due_at)],
          [t('issue.resolved'), time(issue.resolved_at)],
          [t('issue.closed'), time(issue.closed_at)],
          [t('issue.reopened'), issue.reopen_count > 0 ? format.count(issue.reopen_count) : null],
          [t('issue.source'), `${word('source', issue.source)} · ${issue.external_id}`],
        ]}
      />
      <IssuePhotos id={String(issue.id)} />
      <IssueMoves id={String(issue.id)} etag={answer.value.etag} />
      <History zone={zone} />
    </>
  );
}

function History({ zone }: { zone: string }) {
  const events = issueEvents.value.value?.events ?? [];
  return events.length === 0 ? null : (
    <section>
      <h3>{t('issue.history')}</h3>
      <ol class="history">
        {events.map((event) => (
          <li key={event.id}>
            <time dateTime={event.at}>{format.moment(event.at, zone)}</time>
            <span>
              {event.to_status && event.to_status !== event.from_status ? word('status', event.to_status) : word('event', event.kind)}
              {event.note && ` · ${event.note}`}
              <small>{event.actor}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function titleOf({ kind, id }: Selection): string {
  switch (kind) {
    case 'cell':
      return `${t('kind.cell')}: ${word('class', String(answers.value.cells.value.value?.features.find((f) => f.properties.cell === id)?.properties.class))}`;
    case 'pattern':
      return `${t('kind.pattern')}: ${patternTitle(answers.value.patterns.value.value?.features.find((f) => f.properties.cell === id)?.properties.pattern ?? '')}`;
    case 'circle':
      return t('circle.name');
    case 'cluster':
      return t('cluster.name', { n: answers.value.clusters.value.value?.features.find((f) => String(f.properties.cluster) === id)?.properties.count ?? 0 });
    case 'ward': {
      const ward = wardTree.value.byCode.get(id);
      return ward ? nameOf(ward) : id;
    }
    case 'area':
      return t('area.drawn');
    case 'issue':
      return `${t('kind.issue')} ${id}`;
  }
}

/** The ward's page, with period, categories and language as they are here. */
function scorecardAddress(code: string): string {
  const query = new URLSearchParams({ ward: code });
  filter.value.categories.forEach((category) => query.append('category', category));
  if (filter.value.period.kind !== 'all') {
    query.set('period', formatPeriod(filter.value.period));
  }
  if (chosenLanguage.value) {
    query.set('lang', chosenLanguage.value);
  }
  return `./wards?${query}`;
}
