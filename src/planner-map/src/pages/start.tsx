import { effect } from '@preact/signals';
import { render, type ComponentChild } from 'preact';
import { isLanguage, language, t, type MessageKey } from '../i18n';
import '../style.css';
import { chosenLanguage } from '../view';
import './pages.css';

/** Draws a page; its language and title follow what is chosen, or what the address says. */
export function start(title: MessageKey, page: ComponentChild): void {
  const asked = new URLSearchParams(location.search).get('lang');
  chosenLanguage.value = isLanguage(asked) ? asked : null;
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
    document.title = `${t(title)} - ${t('brand')}`;
  });
  effect(() => {
    if (chosenLanguage.value) {
      const address = new URL(location.href);
      address.searchParams.set('lang', chosenLanguage.value);
      history.replaceState(null, '', address);
    }
  });
  render(page, document.getElementById('page')!);
}

/** Keeps the address up with the state of the page, a moment later. */
export function followInAddress(query: () => URLSearchParams): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const search = query();
    if (chosenLanguage.value) {
      search.set('lang', chosenLanguage.value);
    }
    const text = search.toString().replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
    clearTimeout(waiting);
    waiting = setTimeout(() => history.replaceState(null, '', text === '' ? location.pathname : `?${text}`), 100);
  });
}
