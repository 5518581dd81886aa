import { effect } from '@preact/signals';
import { render } from 'preact';
import { formatAddress, parseAddress } from './address';
import { language, t } from './i18n';
import { keepLive } from './live';
import { Page } from './page';
import './style.css';
import { show, view } from './view';

show(parseAddress(location.search));
addEventListener('popstate', () => show(parseAddress(location.search)));

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
});

// The address follows the view, a moment later: while the map is dragged it would change at every frame.
let waiting: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const search = formatAddress(view.value);
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, '', search === '' ? location.pathname : `?${search}`), 200);
});

keepLive();
render(<Page />, document.getElementById('page')!);
