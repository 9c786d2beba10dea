// Writes one JSON file per dashboard to the directory given as argument.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dns } from './dns.js';
import { loadBalancers } from './load-balancers.js';
import { overview } from './overview.js';
import { prober } from './prober.js';
import { services } from './services.js';
import { subnets } from './subnets.js';

const directory = process.argv[2];
if (!directory) {
  throw new Error('usage: node build.js <directory>');
}
// The SDK sets this placement by default. It would move links and annotations into a menu.
const withoutMenuPlacement = (key: string, value: unknown) =>
  key === 'placement' && value === 'inControlsMenu' ? undefined : value;

mkdirSync(directory, { recursive: true });
for (const dashboard of [overview, dns, services, loadBalancers, subnets, prober]) {
  const file = `${dashboard.uid?.replace(/^eksnet-/, '')}.json`;
  writeFileSync(join(directory, file), JSON.stringify(dashboard, withoutMenuPlacement, 2) + '\n');
}
