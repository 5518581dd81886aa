import { language, t } from '../i18n';
import { chosenLanguage } from '../view';

const pages = [
  ['map', './'],
  ['wards', './wards'],
  ['report', './report'],
  ['import', './import'],
] as const;

export type PageName = (typeof pages)[number][0];

/** The name of the program, and links between its pages; they keep the language that was chosen. */
export function Brand({ current }: { current: PageName }) {
  const search = chosenLanguage.value ? `?lang=${chosenLanguage.value}` : '';
  return (
    <div class="brand">
      <img src="./icon.svg" alt="" width="26" height="26" />
      <div>
        <h1>{current === 'map' ? t('brand') : `${t('brand')} · ${t(`page.${current}`)}`}</h1>
        <nav class="pages" aria-label={t('page.links')}>
          {pages.map(([name, href]) => (
            <a key={name} href={href + search} aria-current={name === current ? 'page' : undefined}>
              {t(`page.${name}`)}
            </a>
          ))}
        </nav>
      </div>
    </div>
  );
}

export function LanguageButton() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" class="button" lang={other === 'en' ? 'en' : 'zh-CN'} onClick={() => (chosenLanguage.value = other)}>
      {t('language.other')}
    </button>
  );
}

/** The bar on top of every page but the map. */
export function Header({ current }: { current: PageName }) {
  return (
    <header class="bar">
      <Brand current={current} />
      <div class="tools">
        <LanguageButton />
      </div>
    </header>
  );
}
