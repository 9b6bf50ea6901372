/** Where the platform wants a program of this user to keep things. */
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import type envPaths from 'env-paths';

/** What leads to them. */
const VARIABLES = ['HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'];

/** Undefined where this user has no home directory, as in a container that runs under any user id. */
export async function platformPaths(): Promise<ReturnType<typeof envPaths> | undefined> {
  // The XDG specification has relative paths ignored: else all would be kept wherever a command happens to be typed.
  for (const name of VARIABLES) if (!isAbsolute(process.env[name] ?? '/')) delete process.env[name];
  if (!isAbsolute(home())) return undefined;
  // It looks for the home directory when it is loaded, and throws where there is none.
  const { default: pathsOf } = await import('env-paths');
  return pathsOf('gossipchain', { suffix: '' });
}

function home(): string {
  try {
    return homedir();
  } catch {
    return ''; // neither HOME nor an entry among the users
  }
}
