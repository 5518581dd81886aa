import { followInAddress, start } from '../start';
import { WardsPage } from './page';
import { addressQuery, readAddress } from './state';

readAddress();
start('page.wards', <WardsPage />);
followInAddress(addressQuery);
