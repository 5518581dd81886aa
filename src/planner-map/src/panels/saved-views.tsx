import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t } from '../i18n';
import { deleteView, linkOf, openView, renameView, savedViews, saveView, type SavedView } from '../saved-views';
import { Popover } from './popover';

/** Views under names, in this browser: the ones a planner comes back to every week. */
export function SavedViews() {
  const name = useSignal('');
  const save = (event: Event): void => {
    event.preventDefault();
    if (name.value.trim() !== '') {
      saveView(name.value.trim());
      name.value = '';
    }
  };
  return (
    <Popover label={t('views')} set={false} title={t('views.title')} side="right">
      <form class="line" onSubmit={save}>
        <input type="text" maxLength={80} placeholder={t('views.name')} aria-label={t('views.name')} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        <button type="submit" class="button primary">
          {t(savedViews.value.some((v) => v.name === name.value.trim()) ? 'views.replace' : 'views.save')}
        </button>
      </form>
      {savedViews.value.length === 0 && <p class="quiet">{t('views.none')}</p>}
      <ul class="views">
        {savedViews.value.map((saved) => (
          <Entry key={saved.name} saved={saved} />
        ))}
      </ul>
    </Popover>
  );
}

function Entry({ saved }: { saved: SavedView }) {
  const renaming = useSignal<string | null>(null);
  const copied = useSignal(false);
  const clash = useSignal(false);
  const item = useRef<HTMLLIElement>(null);
  const rename = (event: Event): void => {
    event.preventDefault();
    const next = renaming.value!.trim();
    clash.value = next !== '' && !renameView(saved.name, next);
    renaming.value = clash.value || next === '' ? renaming.value : null;
    if (renaming.value === null) {
      // The focus goes on from the same line, which has a new name.
      const list = item.current?.parentElement;
      requestAnimationFrame(() => [...(list?.querySelectorAll<HTMLElement>('.open') ?? [])].find((button) => button.textContent === next)?.focus());
    }
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(linkOf(saved));
    copied.value = true;
    setTimeout(() => (copied.value = false), 2000);
  };
  if (renaming.value !== null) {
    return (
      <li ref={item}>
        <form class="line" onSubmit={rename}>
          <input type="text" maxLength={80} aria-label={t('views.new-name', { name: saved.name })} aria-invalid={clash.value} value={renaming.value} onInput={(event) => (renaming.value = event.currentTarget.value)} ref={(input) => input?.focus()} />
          <button type="submit" class="button">
            {t('views.rename')}
          </button>
        </form>
        {clash.value && <p role="alert" class="quiet">{t('views.clash')}</p>}
      </li>
    );
  }
  return (
    <li ref={item}>
      <button type="button" class="open" title={t('views.open')} onClick={() => openView(saved)}>
        {saved.name}
      </button>
      <a class="link" href={linkOf(saved)} title={t('views.copy')} onClick={(event) => { event.preventDefault(); void copy(); }}>
        {copied.value ? t('share.copied') : t('views.link')}
      </a>
      <button type="button" class="link" aria-label={t('views.rename.of', { name: saved.name })} onClick={() => (renaming.value = saved.name)}>
        {t('views.rename')}
      </button>
      <button type="button" class="link" aria-label={t('views.delete.of', { name: saved.name })} onClick={() => deleteView(saved.name)}>
        {t('views.delete')}
      </button>
    </li>
  );
}
