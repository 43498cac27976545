import { onBeforeUnmount, onMounted } from 'vue';

/** What stands over the window for a while: no place to come back to. */
const passing = '[role=dialog], [role=menu]';

/** Gives the focus to what the pane shows. */
export function focusWork(): void {
  document.querySelector('main')?.focus({ preventScroll: true });
}

/**
 * Keeps the focus in the window for those who have no pointer. Where the element that has it goes, with its pane, its
 * row or its dialog, the last one in the window that had it takes it; where that is gone too, the nearest thing
 * around its place that can, in the end the pane.
 */
export function useKeptFocus(): void {
  /** The element that had the focus last, and all around it but the page. */
  let path: readonly HTMLElement[] = [];

  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || target.closest(passing)) return;
    // the grips of a crop are no HTML elements, and take the focus all the same
    const around: HTMLElement[] = [];
    for (let one: Element | null = target; one && one !== document.body; one = one.parentElement) {
      around.push(one as HTMLElement);
    }
    path = around;
  };
  // who points at nothing wants nothing to have it
  const leave = ({ target }: PointerEvent) => {
    if (!document.activeElement?.contains(target as Node)) path = [];
  };
  const giveBack = () => {
    if (document.activeElement !== document.body || path.length === 0) return;
    // what is gone, or cannot have it, does not take it
    const taken = path.some((one) => {
      one.focus({ preventScroll: true });
      return document.activeElement === one;
    });
    if (!taken) focusWork();
  };
  const lost = ({ relatedTarget }: FocusEvent) => {
    // once everything that changes now has changed
    if (relatedTarget === null) queueMicrotask(giveBack);
  };

  onMounted(() => {
    window.addEventListener('focusin', remember);
    window.addEventListener('pointerdown', leave, { capture: true });
    window.addEventListener('focusout', lost);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('focusin', remember);
    window.removeEventListener('pointerdown', leave, { capture: true });
    window.removeEventListener('focusout', lost);
  });
}
