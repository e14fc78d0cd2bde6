import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.ts';

/**
 * `npm run docs`: writes every file that is generated from settings, topology, dashboards and
 * alerts.
 */
for (const [file, text] of Object.entries(generatedFiles())) writeFileSync(file, text);
