/** Loaded into every node of a soak: told by SIGUSR2, it collects all its garbage, so that what it holds can be weighed. */
import { collectGarbage } from '../helpers/garbage.js';

process.on('SIGUSR2', collectGarbage);
