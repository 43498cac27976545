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

/** Wheel zooms, dragging pans, a double click or Home resets; +, − and the arrows do it by key. */
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
  element.addEventListener(
    'keydown',
    (event) => {
      const action = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    },
    { signal },
  );
  return () => controller.abort();
}
