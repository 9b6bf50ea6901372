// Removes what was built, so that nothing of an older build is packed.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
