/*
 * How a window of the browser host shows its secret. A page can give a socket no header but the names of protocols
 * that it speaks: the secret follows the program's own.
 */

/** Header of an upload. */
export const secretHeader = 'x-isinglass-window';

/** The protocol that the host agrees to. */
export const socketProtocol = 'isinglass';

/** What a window offers as its socket's protocols. */
export function protocolsWith(secret: string): string[] {
  return [socketProtocol, secret];
}

/** The secret in the header `Sec-WebSocket-Protocol`; empty where there is none. */
export function secretOf(header: string | undefined): string {
  const [, secret = ''] = (header ?? '').split(',').map((part) => part.trim());
  return secret;
}
