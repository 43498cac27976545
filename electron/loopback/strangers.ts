import type { Duplex } from 'node:stream';

/** Most connections at once that have not shown the cookie: what the system hands over in one go. */
const mostStrangers = 512;

/**
 * The connections that have not shown the cookie yet. Only so many are kept, and the oldest makes room
 * for the next: thousands of them cannot use up this process' file descriptors, nor keep out a window,
 * whose first request arrives at once.
 */
export class Strangers {
  private readonly sockets = new Set<Duplex>();

  meet(socket: Duplex): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    if (this.sockets.size <= mostStrangers) return;
    const [oldest] = this.sockets;
    this.sockets.delete(oldest);
    oldest.destroy();
  }

  /** This one has shown the cookie. */
  admit(socket: Duplex): void {
    this.sockets.delete(socket);
  }
}
