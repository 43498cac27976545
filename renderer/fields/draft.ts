import { type Ref, ref, watch } from 'vue';

/**
 * Text as it is being typed. It stands for itself until a new value replaces it: a field that were bound to
 * the value alone would lose what is typed whenever something else draws it anew, such as its tooltip.
 */
export function useDraft(value: () => string): Ref<string> {
  const draft = ref(value());
  watch(value, (next) => {
    draft.value = next;
  });
  return draft;
}

/** The text of the field that an event is about. */
export function typed({ target }: Event): string {
  return (target as HTMLInputElement).value;
}
