import { WebSocket } from 'ws';
import { connect, type Host } from '../../shared/protocol/client.ts';
import { socketEnd } from '../../shared/protocol/socket.ts';
import { protocolsWith, secretHeader } from '../../shared/protocol/window-secret.ts';

/** A visitor of a browser host with nothing but what a request carries. */
export interface Visitor {
  readonly origin: string;
  readonly cookie: string;
  /** What the window shows beside it. */
  readonly secret: string;
}

/** Spends the token of a printed address and keeps the cookie. */
export async function enter(address: string): Promise<Visitor> {
  const response = await fetch(address);
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  const secret = /url=\/#([\w-]+)/.exec(await response.text())?.[1];
  if (!cookie || !secret) throw new Error(`The address let nobody in: ${response.status}.`);
  return { origin: new URL(address).origin, cookie, secret };
}

/** The host as the window has it, for a test that needs no window. */
export async function hostOf({ origin, cookie, secret }: Visitor): Promise<{
  host: Host<{ name: string; bytes: Uint8Array<ArrayBuffer> }>;
  close(): void;
}> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, protocolsWith(secret), {
    origin,
    headers: { cookie },
  });
  const end = socketEnd<{ name: string; bytes: Uint8Array<ArrayBuffer> }>(
    socket,
    async (bridge, files, { ticket }) => {
      const uploads: string[] = [];
      for (const { name, bytes } of files) {
        const response = await fetch(`${origin}/upload?name=${encodeURIComponent(name)}`, {
          method: 'PUT',
          body: bytes,
          headers: { cookie, origin, [secretHeader]: secret },
        });
        const answer = await response.json();
        if (!response.ok) return { ok: false, error: answer };
        uploads.push(answer.id);
      }
      return bridge.requests['data.addUploads'](ticket, { uploads });
    },
  );
  socket.on('message', (data: Buffer) => end.receive(data));
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return { host: connect(await end.bridge), close: () => socket.close() };
}
