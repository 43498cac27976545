/** What a person does to a chart, in fractions of its plot area from the left and from the top. */
export interface GestureTarget {
  /** The plot area in pixels of the element. */
  area(): { left: number; top: number; width: number; height: number };
  /** Everything grows by `factor` about the point (x, y). */
  zoom(x: number, y: number, factor: number): void;
  pan(dx: number, dy: number): void;
  reset(): void;
}

const wheelStep = 1.0015;
const keyStep = 1.5;
/** Fraction of the plot that the read-out moves by at a key. */
const readStep = 0.01;

/**
 * Wheel zooms, dragging pans, a double click or Home resets; +, − and the arrows do it by key. With Shift the arrows
 * move the read-out that otherwise follows the pointer, until Escape or until the focus goes.
 */
export function listenToGestures(element: HTMLElement, target: GestureTarget): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const place = ({ offsetX, offsetY }: MouseEvent) => {
    const { left, top, width, height } = target.area();
    return [(offsetX - left) / width, (offsetY - top) / height] as const;
  };

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const [x, y] = place(event);
      target.zoom(x, y, wheelStep ** -event.deltaY);
    },
    { signal, passive: false },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button === 0) element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      const { width, height } = target.area();
      target.pan(event.movementX / width, event.movementY / height);
    },
    { signal },
  );
  element.addEventListener('dblclick', () => target.reset(), { signal });
  /** Where the read-out is that keys move, as a fraction of the plot from the left; null where there is none. */
  let reading: number | null = null;
  // the chart takes it for a pointer: what is read is the same
  const read = (dx: number) => {
    reading = Math.min(1, Math.max(0, (reading ?? 1) + dx));
    const { left, top, width, height } = target.area();
    const box = element.getBoundingClientRect();
    const [clientX, clientY] = [box.left + left + reading * width, box.top + top + height / 2];
    element.dispatchEvent(new MouseEvent('mousemove', { clientX, clientY }));
  };
  const readNothing = () => {
    if (reading !== null) element.dispatchEvent(new MouseEvent('mouseout'));
    reading = null;
  };
  element.addEventListener('blur', readNothing, { signal });
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => target.zoom(0.5, 0.5, keyStep),
    '=': () => target.zoom(0.5, 0.5, keyStep),
    '-': () => target.zoom(0.5, 0.5, 1 / keyStep),
    ArrowLeft: () => target.pan(0.1, 0),
    ArrowRight: () => target.pan(-0.1, 0),
    ArrowUp: () => target.pan(0, 0.1),
    ArrowDown: () => target.pan(0, -0.1),
    Home: () => target.reset(),
  };
  const keysWithShift: Readonly<Record<string, () => void>> = {
    ...keys,
    ArrowLeft: () => read(-readStep),
    ArrowRight: () => read(readStep),
  };
  element.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') readNothing();
      const meant = event.shiftKey ? keysWithShift : keys;
      const action = event.ctrlKey || event.metaKey || event.altKey ? null : meant[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    },
    { signal },
  );
  return () => controller.abort();
}
