import { expect, it } from 'vitest';
import { printable } from '../../electron/node/system/printable.ts';

it('leaves a terminal nothing to obey, and a reader all there is to read', () => {
  const hostile = 'a\x1b[2J\x1b]0;title\x07b\u009b31mc\r\nd\u202etxt.exe\u2066\x7f';
  expect(printable(hostile)).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  const plain = 'näive 日本 α ± — “x”\n\t·';
  expect(printable(plain)).toBe(plain);
});
