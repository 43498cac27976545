import { onBeforeUnmount, onMounted } from 'vue';

/** The field into which a text is being typed that nobody has taken yet. */
export function useTypedField() {
  let typed: EventTarget | null = null;
  const type = ({ target }: Event) => {
    typed = target;
  };
  const taken = () => {
    typed = null;
  };
  onMounted(() => {
    window.addEventListener('input', type);
    window.addEventListener('change', taken);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('input', type);
    window.removeEventListener('change', taken);
  });
  return {
    /** Whether it is this element: until its text is taken, it has an undo of its own. */
    isTyped: (element: EventTarget | null) =>
      element !== null && (element === typed || element instanceof HTMLTextAreaElement),
    /** Has its text taken, as if the field were left: whatever happens next goes by what is seen. */
    take: () => typed?.dispatchEvent(new Event('change', { bubbles: true })),
  };
}
