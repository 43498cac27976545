import { isAbsolute, join } from 'node:path';

/** Where this system keeps a program's settings. */
export function settingsFolder(
  home: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') {
    return join(given(environment.APPDATA) ?? join(home, 'AppData', 'Roaming'), 'Isinglass');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Isinglass');
  return join(given(environment.XDG_CONFIG_HOME) ?? join(home, '.config'), 'isinglass');
}

/** Where this system keeps a program's log. */
export function logFolder(
  home: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') {
    return join(
      given(environment.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'),
      'Isinglass',
      'logs',
    );
  }
  if (platform === 'darwin') return join(home, 'Library', 'Logs', 'Isinglass');
  return join(
    given(environment.XDG_STATE_HOME) ?? join(home, '.local', 'state'),
    'isinglass',
    'logs',
  );
}

/** A folder that a variable names; one that is empty or not a whole path counts as not set (XDG Base Directory). */
function given(folder: string | undefined): string | null {
  return folder !== undefined && isAbsolute(folder) ? folder : null;
}
