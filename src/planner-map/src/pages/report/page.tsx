import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { categories } from '../../categories';
import * as format from '../../format';
import { listed, nameOf, t } from '../../i18n';
import { Header } from '../header';
import { KeyField } from '../key';
import type { SmallMap } from '../small-map';
import { QueueCard } from './queue-card';
import { smaller } from './photo';
import { bounds, category, changeDatum, complete, datum, datumBecause, locate, locating, note, photo, report, severity, spot, wardsAt } from './state';

/** A report in five steps, one below the other, with thumbs in mind. */
export function ReportPage() {
  return (
    <>
      <Header current="report" />
      <main class="document report" data-state="idle">
        <KeyField role="inspector" />
        <QueueCard />
        <Where />
        <What />
        <HowBad />
        <Photo />
        <Note />
        <Send />
      </main>
    </>
  );
}

function Where() {
  const at = spot.value;
  const wards = wardsAt.value.value?.features ?? null;
  return (
    <section aria-labelledby="where">
      <h2 id="where">{t('report.where')}</h2>
      <button type="button" class="button big" disabled={locating.value === 'yes'} onClick={locate}>
        {t(locating.value === 'yes' ? 'report.locating' : 'report.locate')}
      </button>
      {locating.value === 'failed' && <p class="note bad">{t('report.locate.failed')}</p>}
      <PickMap />
      <p class="place" role="status">
        {at ? (
          <>
            <strong>{wards ? (wards.length > 0 ? wards.slice(-2).map((f) => nameOf(f.properties)).join(' › ') : t('report.outside')) : `${at.place[0].toFixed(5)}, ${at.place[1].toFixed(5)}`}</strong>
            {at.accuracyMeters !== null && <small> {t('report.accuracy', { distance: format.distance(at.accuracyMeters) })}</small>}
          </>
        ) : (
          <span class="quiet">{t('report.tap')}</span>
        )}
      </p>
      <label class="datum">
        <span class="quiet">{t('report.datum')}</span>
        <select value={datum.value} onChange={(event) => changeDatum(event.currentTarget.value as typeof datum.value)}>
          <option value="WGS84">{t('report.datum.WGS84')}</option>
          <option value="GCJ02">{t('report.datum.GCJ02')}</option>
        </select>
      </label>
      {datumBecause !== 'usual' && <p class="quiet">{t(datumBecause === 'app' ? 'report.datum.app' : 'report.datum.address')}</p>}
    </section>
  );
}

/** The map of the datum; another datum is another map. */
function PickMap() {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<SmallMap | null>(null);
  const system = datum.value;
  const area = bounds.value.value?.bounds ?? null;
  const ready = area !== null || !bounds.value.loading;
  const show = (): void => {
    const at = spot.peek();
    map.current?.show(at ? [{ place: at.place }] : []);
    if (at?.accuracyMeters != null) {
      map.current?.lookAt(at.place, 16);
    }
  };
  useEffect(() => {
    if (!ready) {
      return undefined;
    }
    let gone = false;
    void import('../small-map').then(({ SmallMap: Map }) => {
      if (!gone) {
        map.current = new Map(box.current!, area, system === 'GCJ02');
        map.current.onTap((place) => (spot.value = { place, accuracyMeters: null }));
        show();
      }
    }, () => undefined);
    return () => {
      gone = true;
      map.current?.remove();
      map.current = null;
    };
  }, [ready, system]);
  useEffect(show, [spot.value]);
  return <div class="pick-map" ref={box} role="group" aria-label={t('report.map')} />;
}

function What() {
  const { tops, byCode } = categories.value;
  const top = useSignal<string | null>(null);
  const chosen = category.value === null ? null : byCode.get(category.value);
  const opened = top.value === null ? null : byCode.get(top.value);
  const choose = (code: string): void => {
    category.value = code;
    top.value = null;
  };
  return (
    <section aria-labelledby="what">
      <h2 id="what">{t('report.what')}</h2>
      {chosen ? (
        <button type="button" class="button big set" onClick={() => (category.value = null)}>
          {nameOf(chosen)} <small>{t('report.change')}</small>
        </button>
      ) : opened ? (
        <>
          <button type="button" class="link" onClick={() => (top.value = null)}>
            ‹ {nameOf(opened)}
          </button>
          <div class="tiles">
            {opened.children.map((child) => (
              <button key={child.code} type="button" class="button big" onClick={() => choose(child.code)}>
                {nameOf(child)}
              </button>
            ))}
          </div>
        </>
      ) : (
        <div class="tiles">
          {tops.map((one) => (
            <button key={one.code} type="button" class="button big" onClick={() => (one.children.length > 0 ? (top.value = one.code) : choose(one.code))}>
              {nameOf(one)}
            </button>
          ))}
          {tops.length === 0 && <p class="quiet">{t('filter.categories.none')}</p>}
        </div>
      )}
    </section>
  );
}

function HowBad() {
  return (
    <section aria-labelledby="bad">
      <h2 id="bad">{t('report.severity')}</h2>
      <div class="levels" role="group" aria-labelledby="bad">
        {[1, 2, 3, 4, 5].map((n) => (
          <button key={n} type="button" class="button" aria-pressed={severity.value === n} onClick={() => (severity.value = severity.value === n ? null : n)}>
            {n}
          </button>
        ))}
      </div>
      <p class="quiet">{t('report.severity.hint')}</p>
    </section>
  );
}

function Photo() {
  const failed = useSignal(false);
  const taken = photo.value;
  const address = useMemo(() => (taken ? URL.createObjectURL(taken) : null), [taken]);
  useEffect(() => () => void (address && URL.revokeObjectURL(address)), [address]);
  const take = async (file: File | undefined): Promise<void> => {
    failed.value = false;
    try {
      photo.value = file ? await smaller(file) : null;
    } catch {
      failed.value = true;
    }
  };
  return (
    <section aria-labelledby="photo">
      <h2 id="photo">{t('report.photo')}</h2>
      {address ? (
        <div class="taken">
          <img src={address} alt={t('report.photo.taken')} />
          <button type="button" class="button" onClick={() => (photo.value = null)}>
            {t('report.photo.remove')}
          </button>
        </div>
      ) : (
        <label class="button big">
          {t('report.photo.take')}
          <input class="unseen" type="file" accept="image/*" capture="environment" onChange={(event) => void take(event.currentTarget.files?.[0])} />
        </label>
      )}
      {failed.value && <p class="note bad">{t('report.photo.failed')}</p>}
    </section>
  );
}

function Note() {
  return (
    <section>
      <label>
        <h2>{t('report.note')}</h2>
        <textarea rows={3} maxLength={2000} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </label>
    </section>
  );
}

function Send() {
  const missing = listed([spot.value === null ? t('report.where') : '', category.value === null ? t('report.what') : ''].filter((word) => word !== ''));
  return (
    <div class="send">
      <button type="button" class="button big primary" disabled={!complete.value} onClick={() => void report()}>
        {t('report.send')}
      </button>
      {missing !== '' && <p class="quiet">{t('report.missing', { what: missing })}</p>}
    </div>
  );
}
