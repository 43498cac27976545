import { protocol, type Session } from 'electron';
import { page, securityHeaders } from './node/decode/pages.ts';

/** The window's own address; nothing else is ever shown in it. */
export const windowAddress = 'app://isinglass/';

/** Must run before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers `app://isinglass/…` with the bundled window, and every other request with nothing. */
export function serveScheme(session: Session, renderer: URL): void {
  session.protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    const found = host === 'isinglass' ? await page(renderer, pathname) : null;
    if (!found)
      return new Response('There is no such page.', { status: 404, headers: securityHeaders });
    return new Response(found.content, {
      headers: { ...securityHeaders, 'Content-Type': found.type },
    });
  });
  // the program works without any network, and so does its window
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(app|devtools|blob|data):/.test(details.url) });
  });
}
