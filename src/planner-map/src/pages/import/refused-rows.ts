import { language, t } from '../../i18n';
import { serverWords } from '../../i18n/server-words';
import { zhImports } from '../../i18n/zh-imports';

/** A field of a CSV file and what ends it. */
const field = /("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r?\n|$)/g;

/** Excel reads a file that begins so as Unicode. */
const unicodeMark = '\uFEFF';

const columns = 4;

/** The file of refused rows (line, column, value, reason) with its header and reasons in the language of the page. */
export async function inPageLanguage(file: Blob): Promise<Blob> {
  if (language.value === 'en') {
    return file;
  }
  const header = [t('import.refused.line'), t('import.refused.column'), t('import.refused.value'), t('import.refused.reason')];
  const known = new Map<string, string>();
  // Many rows are refused for the same reason.
  const reasonOf = (value: string): string => {
    const said = known.get(value) ?? quoted(serverWords(plain(value), zhImports));
    known.set(value, said);
    return said;
  };
  let n = 0;
  const text = (await file.text()).replace(field, (whole, value: string, end: string) => {
    if (whole === '') {
      return '';
    }
    const [row, column] = [Math.floor(n / columns), n++ % columns];
    return (row === 0 ? header[column]! : column === columns - 1 ? reasonOf(value) : value) + end;
  });
  return new Blob([unicodeMark + text], { type: 'text/csv;charset=utf-8' });
}

function plain(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
