/** Milliseconds of a frame that drawings may take; at least one is made in every frame. */
const budget = 3;

/** Drawings that wait, in the order in which they were asked for. */
const waiting = new Set<() => void>();
let frame = 0;

/**
 * Makes a drawing in one of the next frames: as many of those that wait as a frame has time for, one
 * after the other, so that no number of charts keeps the window from answering. Asking again for one
 * that waits changes nothing.
 */
export function drawSoon(draw: () => void): void {
  waiting.add(draw);
  if (frame === 0) frame = requestAnimationFrame(next);
}

/** Takes a drawing back. */
export function drawNever(draw: () => void): void {
  waiting.delete(draw);
}

function next(): void {
  frame = 0;
  const begun = performance.now();
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - begun > budget) break;
  }
  if (waiting.size > 0) frame = requestAnimationFrame(next);
}
