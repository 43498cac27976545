import type { Rectangle } from '../../shared/data/image/region.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which part of a crop is held: its inside, an edge or a corner by compass direction. */
export type Grip = 'move' | 'n' | 's' | 'e' | 'w' | 'ne' | 'nw' | 'se' | 'sw';

export const grips: readonly Grip[] = ['n', 's', 'e', 'w', 'ne', 'nw', 'se', 'sw'];

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/**
 * The crop after its grip was dragged by (dx, dy) source pixels: whole pixels, inside the picture, at
 * least 2 × 2.
 *
 * @param aspect width/height to keep; null leaves both free
 */
export function dragged(
  crop: Rectangle,
  grip: Grip,
  dx: number,
  dy: number,
  aspect: number | null,
  picture: Size,
): Rectangle {
  if (grip === 'move') {
    return {
      ...crop,
      x: clamp(Math.round(crop.x + dx), 0, picture.width - crop.width),
      y: clamp(Math.round(crop.y + dy), 0, picture.height - crop.height),
    };
  }
  const west = grip.includes('w');
  const north = grip.includes('n');
  // the sides that the grip does not hold stay where they are
  const roomX = west ? crop.x + crop.width : picture.width - crop.x;
  const roomY = north ? crop.y + crop.height : picture.height - crop.y;
  const horizontal = west || grip.includes('e');
  const vertical = north || grip.includes('s');
  let width = clamp(crop.width + (horizontal ? (west ? -dx : dx) : 0), 2, roomX);
  let height = clamp(crop.height + (vertical ? (north ? -dy : dy) : 0), 2, roomY);
  if (aspect !== null) {
    // the side that was dragged leads; at a corner the one that asks for more, where both were
    const more = dy === 0 || (dx !== 0 && width / aspect >= height);
    const byWidth = horizontal && (!vertical || more);
    const wanted = byWidth ? width : height * aspect;
    width = clamp(wanted, 2 * Math.max(1, aspect), Math.min(roomX, roomY * aspect));
    height = width / aspect;
  }
  width = Math.max(2, Math.min(roomX, Math.round(width)));
  height = Math.max(2, Math.min(roomY, Math.round(height)));
  return {
    x: west ? crop.x + crop.width - width : crop.x,
    y: north ? crop.y + crop.height - height : crop.y,
    width,
    height,
  };
}

/**
 * The crop after one of its four numbers was typed.
 *
 * @param aspect width/height to keep: the other side follows the one that was typed; null leaves both free
 */
export function typed(
  crop: Rectangle,
  name: keyof Rectangle,
  value: number,
  aspect: number | null,
  picture: Size,
): Rectangle {
  const wanted = { ...crop, [name]: value };
  if (aspect !== null && (name === 'width' || name === 'height')) {
    const width = name === 'width' ? value : value * aspect;
    const widest = Math.min(picture.width, picture.height * aspect);
    wanted.width = clamp(width, 2 * Math.max(1, aspect), widest);
    wanted.height = wanted.width / aspect;
  }
  return inside(wanted, picture);
}

/** A crop that somebody typed, moved and reduced until it lies inside the picture. */
export function inside(crop: Rectangle, picture: Size): Rectangle {
  const width = clamp(Math.round(crop.width), 2, picture.width);
  const height = clamp(Math.round(crop.height), 2, picture.height);
  return {
    x: clamp(Math.round(crop.x), 0, picture.width - width),
    y: clamp(Math.round(crop.y), 0, picture.height - height),
    width,
    height,
  };
}
