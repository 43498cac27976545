import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused: a status, and one sentence. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly reason: string;
}

/** What the token of an address is exchanged for. */
export interface Admission {
  /** The Set-Cookie header. */
  readonly cookie: string;
  /** What the window's scripts show beside the cookie. */
  readonly secret: string;
}

/**
 * Lets in the one window that was given the address, and no other page of that browser.
 *
 * Host and Origin are compared before anything else, so that neither a page of another site nor a name
 * that another site makes point here (DNS rebinding) gets anything; then the cookie decides, which is
 * given once, for the token in the printed address. A browser sends cookies to every port of a machine, and whoever
 * listens on another port may send this one on: it opens nothing but the bundled pages. What is behind them asks for
 * the window's secret besides, which only pages of this port can read.
 */
export class Guard {
  private readonly cookie = randomBytes(32).toString('base64url');
  private readonly cookieName: string;
  private readonly secrets: string[] = [];
  private token: { readonly text: string; readonly redeemed: () => void } | null = null;

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

  /**
   * The token that the next address carries; the one before is void.
   *
   * @param redeemed told when it is spent
   */
  newToken(redeemed: () => void = () => {}): string {
    const text = randomBytes(32).toString('base64url');
    this.token = { text, redeemed };
    return text;
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

  /**
   * The same for what only the window's own scripts may do: upgrades and uploads must name their origin and show the
   * window's secret.
   */
  judgeScript(request: IncomingMessage, secret: string): Refusal | null {
    return (
      this.judgeOrigin(request) ??
      (request.headers.origin === undefined
        ? { status: 403, reason: 'Isinglass answers its own pages only.' }
        : this.judgeCookie(request)) ??
      this.judgeSecret(secret)
    );
  }

  judgeCookie({ headers }: IncomingMessage): Refusal | null {
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const own = cookies.find((cookie) => cookie.startsWith(`${this.cookieName}=`));
    if (own && same(own.slice(this.cookieName.length + 1), this.cookie)) return null;
    return notLetIn;
  }

  /** Takes the token, once; null where it is another. */
  redeem(token: string): Admission | null {
    if (this.token === null || !same(token, this.token.text)) return null;
    const { redeemed } = this.token;
    this.token = null;
    redeemed();
    const secret = randomBytes(32).toString('base64url');
    this.secrets.push(secret);
    const cookie = `${this.cookieName}=${this.cookie}; HttpOnly; SameSite=Strict; Path=/`;
    return { cookie, secret };
  }

  private judgeSecret(secret: string): Refusal | null {
    return this.secrets.some((own) => same(secret, own)) ? null : notLetIn;
  }

  private isOwn(origin: string): boolean {
    const match = /^https?:\/\/(.+)$/.exec(origin.toLowerCase());
    return match !== null && this.hosts.has(match[1]);
  }
}

const notLetIn: Refusal = {
  status: 403,
  reason: 'Open the address that Isinglass printed; it works once, and in one window.',
};

/** Comparison whose time tells nothing. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
