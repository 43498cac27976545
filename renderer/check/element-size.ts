import { onBeforeUnmount, reactive, type ShallowRef, watch } from 'vue';

/** The inner width of an element without its padding, as it is now; kept up to date while it is there. */
export function useElementSize(element: Readonly<ShallowRef<HTMLElement | null>>): {
  width: number;
} {
  const size = reactive({ width: 600 });
  const observer = new ResizeObserver(([entry]) => {
    size.width = Math.floor(entry.contentRect.width);
  });
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) observer.observe(now);
    },
    { immediate: true, flush: 'post' },
  );
  onBeforeUnmount(() => observer.disconnect());
  return size;
}
