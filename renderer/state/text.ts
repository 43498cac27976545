/** A number with a real minus sign. */
export function signed(text: string): string {
  return text.replace(/^-/, '−').replace(/e-/, 'e−');
}

/** A number to so many decimals, with a real minus sign. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = value.toFixed(decimals);
  // nothing to so many decimals has no sign
  return Number(text) === 0 ? text.replace('-', '') : signed(text);
}

/** A number to so many significant digits. */
export function significant(value: number, digits: number): string {
  return Number.isFinite(value) ? signed(String(Number(value.toPrecision(digits)))) : '–';
}

/** 12,345 pictures; 1 picture. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A time as a person writes it: 26 Nov 2026, 14:40. */
export function dateTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A reason without the name that it begins with, for places where the name stands already. */
export function withoutName(reason: string, ...names: readonly string[]): string {
  const name = names.find((candidate) => reason.startsWith(`${candidate}: `));
  return name === undefined ? reason : reason.slice(name.length + 2);
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
