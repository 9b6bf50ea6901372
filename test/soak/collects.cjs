// Loaded into every node of a soak: told by SIGUSR2, it collects all its garbage, so that what it holds can be weighed.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
process.on('SIGUSR2', () => collectGarbage());
