import { type GreyImage, type Pixels, toGrey } from './grey.ts';
import { PictureError } from './picture-error.ts';

/** What grey is made of: one channel, from 1; their mean; or luminance of colours and the first of others. */
export type Channel = number | 'mean' | 'luminance';

/** Most channels that a picture has: those of a spectrometer. */
export const mostChannels = 65_535;

/** Whether a value says a channel. */
export function isChannel(value: unknown): value is Channel {
  if (value === 'mean' || value === 'luminance') return true;
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostChannels;
}

/** @returns the error for a channel that a picture does not have */
export function noSuchChannel(channel: number, channels: number): PictureError {
  const has = channels === 1 ? 'one channel' : `${channels} channels`;
  return new PictureError(
    'unsuitable',
    `The picture has ${has}, and channel ${channel} is asked for.`,
  );
}

/**
 * Grey values of a decoder's pixels by the channel that is asked for. Alpha is laid over white, except
 * where it is itself the channel.
 *
 * @throws PictureError `unsuitable` for a channel that is not there
 */
export function greyOf(pixels: Pixels, channel: Channel): GreyImage {
  const { channels, data } = pixels;
  if (channel === 'luminance' || (channel === 'mean' && channels < 3)) return toGrey(pixels);
  if (channel === 'mean') {
    const count = pixels.width * pixels.height;
    const mean =
      data instanceof Uint8Array ? new Uint8Array(2 * count) : new Uint16Array(2 * count);
    const opaque = data instanceof Uint8Array ? 255 : 65535;
    for (let k = 0, p = 0; k < count; k++, p += channels) {
      mean[2 * k] = Math.round((data[p] + data[p + 1] + data[p + 2]) / 3);
      mean[2 * k + 1] = channels === 4 ? data[p + 3] : opaque;
    }
    return toGrey({ ...pixels, channels: 2, data: mean });
  }
  if (channel > channels) throw noSuchChannel(channel, channels);
  if (channels === 1) return toGrey(pixels);
  const count = pixels.width * pixels.height;
  const one = data instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count);
  for (let k = 0; k < count; k++) one[k] = data[k * channels + channel - 1];
  return toGrey({ ...pixels, channels: 1, data: one });
}
