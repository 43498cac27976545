import { describe, expect, it } from 'vitest';
import { actionOf, shortcuts } from '../../renderer/shell/shortcuts.ts';

const pressed = (key: string, ctrlKey = false, shiftKey = false, metaKey = false) => ({
  key,
  ctrlKey,
  shiftKey,
  metaKey,
  altKey: false,
});

describe('shortcuts', () => {
  it('are all different, and each is heard with Ctrl and with ⌘', () => {
    expect(new Set(shortcuts.map(({ keys }) => keys)).size).toBe(shortcuts.length);
    for (const { keys, action } of shortcuts) {
      const parts = keys.split(' ');
      const key = (parts.at(-1) ?? '').toLowerCase();
      const name = key.length === 1 ? key : (parts.at(-1) ?? '');
      const shift = parts.includes('Shift');
      const control = parts.includes('Ctrl');
      expect(actionOf(pressed(name, control, shift))).toBe(action);
      if (control) expect(actionOf(pressed(name, false, shift, true))).toBe(action);
    }
  });

  it('leave plain typing and Alt alone', () => {
    expect(actionOf(pressed('o'))).toBeNull();
    expect(actionOf({ ...pressed('o', true), altKey: true })).toBeNull();
  });
});
