import { onBeforeUnmount, onMounted } from 'vue';

/** Tells whether a text is being typed into an element: until it is taken, it has an undo of its own. */
export function useTypedField(): (element: EventTarget | null) => boolean {
  let typed: EventTarget | null = null;
  const type = ({ target }: Event) => {
    typed = target;
  };
  const take = () => {
    typed = null;
  };
  onMounted(() => {
    window.addEventListener('input', type);
    window.addEventListener('change', take);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('input', type);
    window.removeEventListener('change', take);
  });
  return (element) =>
    element !== null && (element === typed || element instanceof HTMLTextAreaElement);
}
