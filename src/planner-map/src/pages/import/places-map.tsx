import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { SmallMap } from '../small-map';
import type { Preview } from './state';

type Bounds = [number, number, number, number];

/** Where the rows would lie, those outside every ward in the color of what is wrong. */
export function PlacesMap({ seen }: { seen: Preview }) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<SmallMap | null>(null);
  const now = useRef(seen);
  now.current = seen;
  const show = (): void => {
    const { places } = now.current;
    map.current?.show(places.map((p) => ({ place: [p.lon, p.lat], outside: !p.in_ward })));
    const around = boundsOf(places);
    if (around) {
      map.current?.fit(around);
    }
  };
  useEffect(() => {
    let gone = false;
    void import('../small-map').then(({ SmallMap: Map }) => {
      if (!gone) {
        map.current = new Map(box.current!, boundsOf(now.current.places), false);
        show();
      }
    });
    return () => {
      gone = true;
      map.current?.remove();
      map.current = null;
    };
  }, []);
  useEffect(show, [seen]);
  const title = t('import.places', { n: seen.places.length });
  return (
    <section>
      <h3>{title}</h3>
      <div class="pick-map tall" ref={box} role="group" aria-label={title} />
      <p class="quiet">{t('import.places.colors')}</p>
    </section>
  );
}

function boundsOf(places: Preview['places']): Bounds | null {
  if (places.length === 0) {
    return null;
  }
  const [lons, lats] = [places.map((p) => p.lon), places.map((p) => p.lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
