import { join } from 'node:path';

/** What a home directory, and all that is kept below it, is found by on any platform. */
export function homeVariables(home: string): Record<string, string> {
  const xdg = {
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
  };
  return { HOME: home, USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home, ...xdg };
}
