/**
 * A text as a terminal or a log may show it: file names and messages hold whatever somebody has put there, and a
 * terminal obeys some of it. Control characters and those that turn the direction of writing become �; lines and tabs
 * stay.
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}|[\u2028\u2029]/gu, '�');
}
