/** A CSS colour #rrggbb as its three bytes. */
function bytesOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function write(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  colour: (k: number) => readonly [number, number, number],
): void {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas to draw on.');
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = context.createImageData(width, height);
  for (let k = 0; k < width * height; k++) {
    const [red, green, blue] = colour(k);
    image.data[4 * k] = red;
    image.data[4 * k + 1] = green;
    image.data[4 * k + 2] = blue;
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** One lattice of spins, a pixel a site: +1 in the colour `up`, −1 in `down` (#rrggbb). */
export function paintSpins(
  canvas: HTMLCanvasElement,
  rows: number,
  cols: number,
  spins: ArrayLike<number>,
  up: string,
  down: string,
): void {
  const [bright, dark] = [bytesOf(up), bytesOf(down)];
  write(canvas, cols, rows, (k) => (spins[k] > 0 ? bright : dark));
}

/** A grey picture, 0 black … 255 white. */
export function paintGrey(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  grey: ArrayLike<number>,
): void {
  write(canvas, width, height, (k) => [grey[k], grey[k], grey[k]]);
}
