/**
 * The folder of the real control plane that these journeys are played on; undefined: the simulated one. JOURNEYS_PLANE names one for each
 * worker of jest: each journey has its plane to itself.
 */
import { delimiter } from 'node:path';

const folders = process.env['JOURNEYS_PLANE']?.split(delimiter);

export const PLANE_FOLDER = folders?.[Number(process.env['JEST_WORKER_ID'] ?? 1) - 1];

if (folders !== undefined && PLANE_FOLDER === undefined) throw new Error('JOURNEYS_PLANE names too few planes.');
