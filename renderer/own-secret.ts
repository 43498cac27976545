const name = 'isinglass-window';

/**
 * What this window shows to the browser host beside its cookie; null where it was not let in. It comes once behind the
 * address's #, and is kept for reloads of this window where only pages of this port can read it.
 */
export function ownSecret(): string | null {
  const given = location.hash.slice(1);
  if (given === '') return sessionStorage.getItem(name);
  sessionStorage.setItem(name, given);
  history.replaceState(null, '', location.pathname);
  return given;
}
