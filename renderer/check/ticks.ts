import { signed } from '../state/text.ts';

/** About `count` round values between two numbers, with their labels. */
export function ticks(min: number, max: number, count: number): { value: number; label: string }[] {
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((s) => s >= rough) ?? power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => {
    const value = (first + k) * step;
    return { value, label: signed((Math.abs(value) < step / 2 ? 0 : value).toFixed(digits)) };
  });
}
