import { addressOf } from '../../api';
import { start } from '../start';
import { ReportPage } from './page';
import { keepSending } from './queue';

start('page.report', <ReportPage />);
keepSending();

// The page itself must open where there is no network; see public/report-worker.js. A browser may refuse, and the page works all the same while there is one.
if (import.meta.env.PROD) {
  void navigator.serviceWorker?.register(addressOf('report-worker.js'), { scope: addressOf('report') }).catch(() => undefined);
}
