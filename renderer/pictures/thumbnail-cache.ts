import type { Channel } from '../../shared/data/image/channel.ts';
import type { Host } from '../../shared/protocol/client.ts';
import type { PictureView } from '../../shared/protocol/data.ts';

/** Pictures kept, some 9 kB each where there are many. */
const mostKept = 1000;
/** Milliseconds that a picture is in sight before it is asked for: one that is only scrolled past is not. */
const glance = 60;
const kept = new Map<string, PictureView>();

/**
 * The thumbnail of a picture, from memory where it was shown lately.
 *
 * @param channel what its grey is made of, which the host knows
 * @param side longest side in pixels
 * @throws the signal's reason once that is aborted; whatever reading the picture throws
 */
export async function thumbnail(
  host: Host<File>,
  picture: number,
  revision: number,
  channel: Channel | null,
  side: number,
  signal: AbortSignal,
): Promise<PictureView> {
  const key = `${revision}/${picture}/${channel}/${side}`;
  const view = kept.get(key) ?? (await ask());
  // the order of the map is the order of last use
  kept.delete(key);
  kept.set(key, view);
  const [oldest] = kept.keys();
  if (kept.size > mostKept) kept.delete(oldest);
  return view;

  async function ask(): Promise<PictureView> {
    await new Promise((resolve) => setTimeout(resolve, glance));
    signal.throwIfAborted();
    return host.data.view({ picture, side }, signal);
  }
}
