import type { App, Session } from 'electron';
import { windowAddress } from './scheme.ts';

/** Takes from every page what this program never needs, whatever runs in it. */
export function denyEverythingElse(app: App, session: Session): void {
  app.on('web-contents-created', (_, contents) => {
    // nothing here makes such a connection, and one would tell other machines this one's address
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  session.setPermissionRequestHandler((contents, permission, answer) => {
    // copying a result to the clipboard is what the person clicked on
    const own = contents.getURL().startsWith(windowAddress);
    answer(own && permission === 'clipboard-sanitized-write');
  });
  session.setPermissionCheckHandler(
    (_, permission, origin) =>
      permission === 'clipboard-sanitized-write' && `${origin}/`.startsWith(windowAddress),
  );
  session.setDevicePermissionHandler(() => false);
}
