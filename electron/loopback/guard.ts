import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused: a status, and one sentence. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly reason: string;
}

/**
 * Lets in the one browser that was given the address, and no other page of that browser.
 *
 * Host and Origin are compared before anything else, so that neither a page of another site nor a name
 * that another site makes point here (DNS rebinding) gets anything; then the cookie decides, which is
 * given once, for the token in the printed address.
 */
export class Guard {
  private readonly cookie = randomBytes(32).toString('base64url');
  private readonly cookieName: string;
  private token: string | null = randomBytes(32).toString('base64url');

  /**
   * @param hosts what the Host header may say: names with port, in lower case
   * @param port keeps the cookies of several hosts on this machine apart, since cookies know no ports
   */
  constructor(
    private readonly hosts: ReadonlySet<string>,
    port: number,
  ) {
    this.cookieName = `isinglass-${port}`;
  }

  /** The token that the next address carries; the one before is void. */
  newToken(): string {
    this.token = randomBytes(32).toString('base64url');
    return this.token;
  }

  /** Judges where a request comes from: every request and every upgrade, first of all. */
  judgeOrigin({ headers }: IncomingMessage): Refusal | null {
    if (!this.hosts.has((headers.host ?? '').toLowerCase())) {
      return { status: 421, reason: 'Isinglass does not answer under this name.' };
    }
    const origin = headers.origin;
    if (origin !== undefined && !this.isOwn(origin)) {
      return { status: 403, reason: 'Isinglass answers its own pages only.' };
    }
    return null;
  }

  /** The same for what only the window's own scripts may do: upgrades and uploads must name their origin. */
  judgeScript(request: IncomingMessage): Refusal | null {
    return (
      this.judgeOrigin(request) ??
      (request.headers.origin === undefined
        ? { status: 403, reason: 'Isinglass answers its own pages only.' }
        : this.judgeCookie(request))
    );
  }

  judgeCookie({ headers }: IncomingMessage): Refusal | null {
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const own = cookies.find((cookie) => cookie.startsWith(`${this.cookieName}=`));
    if (own && same(own.slice(this.cookieName.length + 1), this.cookie)) return null;
    return {
      status: 403,
      reason: 'Open the address that Isinglass printed when it started; it works once.',
    };
  }

  /** Takes the token, once; answers the Set-Cookie header for it, or null. */
  redeem(token: string): string | null {
    if (this.token === null || !same(token, this.token)) return null;
    this.token = null;
    return `${this.cookieName}=${this.cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  private isOwn(origin: string): boolean {
    const match = /^https?:\/\/(.+)$/.exec(origin.toLowerCase());
    return match !== null && this.hosts.has(match[1]);
  }
}

/** Comparison whose time tells nothing. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
