import { start } from '../start';
import { ImportPage } from './page';
import { keepLooking } from './state';

start('page.import', <ImportPage />);
keepLooking();
