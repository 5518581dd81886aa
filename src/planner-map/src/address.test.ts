import { describe, expect, test } from 'vitest';
import { formatAddress, formatFilter, parseAddress } from './address';
import { firstChoices, firstLayers, noFilter, type View } from './view';

const firstView: View = { filter: noFilter, layers: firstLayers, choices: firstChoices, baseMap: null, comparison: null, camera: null, selection: null, language: null };

const full: View = {
  filter: {
    wards: ['330110001', '北/村 & co'],
    categories: ['litter'],
    statuses: ['open', 'closed'],
    severity: [3, 5],
    overdue: true,
    relapse: true,
    sources: ['covert', 'hotline'],
    rounds: ['2026-covert-3'],
    departments: ['市场监督管理局'],
    area: '112.61,32.4_112.7,32.4_112.7,32.45',
    period: { kind: 'between', from: '2025-01-01', to: null },
  },
  layers: { ...firstLayers, heatmap: { shown: false, opacity: 0.8 }, clusters: { shown: true, opacity: 0.45 } },
  choices: { issues: 'category', circles: 'place', figure: 'relapse_rate', figureLevel: 'community', numbers: 'map' },
  baseMap: 'osm',
  comparison: { period: { kind: 'between', from: '2024-01-01', to: '2024-03-31' }, as: 'swipe', edge: 0.4 },
  camera: { lon: 120.12345, lat: -30.5, zoom: 12.25 },
  selection: { kind: 'cell', id: 'hex:3:-4' },
  language: 'zh',
};

describe('the address of a view', () => {
  test('is empty at first', () => {
    expect(formatAddress(firstView)).toBe('');
    expect(parseAddress('')).toEqual(firstView);
  });

  test('leads back to all of it', () => {
    expect(parseAddress(`?${formatAddress(full)}`)).toEqual(full);
  });

  test('speaks the language of the API and is easy to read', () => {
    expect(formatAddress({ ...full, filter: { ...full.filter, wards: ['330110001'] } })).toBe(
      'ward=330110001&category=litter&status=open&status=closed&severity=3..5&overdue=true&relapse=true&source=covert&source=hotline&round=2026-covert-3&department=%E5%B8%82%E5%9C%BA%E7%9B%91%E7%9D%A3%E7%AE%A1%E7%90%86%E5%B1%80&area=112.61,32.4_112.7,32.4_112.7,32.45&period=2025-01-01/..' +
        '&layers=cells,clusters:45,issues,wards,backdrop&figure=relapse_rate&level=community&color=category&circles=place&numbers=map&base=osm&compare=2024-01-01/2024-03-31&swipe=40&at=120.12345,-30.5,12.25&select=cell:hex:3:-4&lang=zh',
    );
  });

  test.each([
    'severity=7',
    'severity=4..2',
    'status=lost',
    'period=soon',
    'period=2025-02-30/2025-03-01',
    'period=2025-03-01/2025-02-01',
    'at=1,2',
    'at=,,',
    'at=200,0,3',
    'select=planet:1',
    'select=cell:',
    'select=area:1,2_3,4',
    'area=1,2_3,4',
    'area=',
    'lang=fr',
    'color=mood',
    'figure=beauty',
    'level=',
    'compare=soon',
    'swipe=40',
    'base=',
    'circles=square',
    'numbers=none',
    'source=',
    'ward=',
    'overdue=yes',
  ])('is as at first where it cannot be read: %s', (search) => {
    expect(parseAddress(`?${search}`)).toEqual(firstView);
  });

  test('knows what was opened on the map of the second period', () => {
    const selection = { kind: 'cell', id: 'hex:3:-4', of: 'other' } as const;
    expect(formatAddress({ ...firstView, selection })).toBe('select=other:cell:hex:3:-4');
    expect(parseAddress('?select=other:cell:hex:3:-4').selection).toEqual(selection);
  });

  test('takes each ward once', () => {
    expect(parseAddress('?ward=a&ward=b&ward=a').filter.wards).toEqual(['a', 'b']);
  });

  test('can hide every layer', () => {
    expect(Object.values(parseAddress('?layers=').layers).every((layer) => !layer.shown)).toBe(true);
  });
});

describe('the filter for the API', () => {
  test('is empty without a filter', () => {
    expect(formatFilter(noFilter, null)).toBe('');
  });

  test('carries the period as datetime, escaped', () => {
    expect(formatFilter({ ...noFilter, severity: [4, 4], wards: ['a b'] }, '2025-01-01T00:00:00+08:00/..')).toBe(
      'ward=a+b&severity=4&datetime=2025-01-01T00%3A00%3A00%2B08%3A00%2F..',
    );
  });

  test('has the drawn area and any other shape as one condition', () => {
    const area = '1,2_3,2_3,4';
    const shape = { type: 'Polygon' as const, coordinates: [[[5, 6], [7, 6], [7, 8], [5, 6]]] };
    const condition = 'S_INTERSECTS(geometry,POLYGON((1 2,3 2,3 4,1 2)))';
    expect(new URLSearchParams(formatFilter({ ...noFilter, area }, null)).get('filter')).toBe(condition);
    expect(Object.fromEntries(new URLSearchParams(formatFilter({ ...noFilter, area }, null, [shape], 'GCJ02')))).toEqual({
      filter: `${condition} AND S_INTERSECTS(geometry,POLYGON((5 6,7 6,7 8,5 6)))`,
      'filter-crs': 'GCJ02',
    });
  });
});
