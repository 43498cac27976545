import { signed } from '../state/text.ts';

/** About `count` round values between two numbers, two at least, with their labels. */
export function ticks(min: number, max: number, count: number): { value: number; label: string }[] {
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [0.5, 1, 2, 5, 10].map((factor) => factor * power);
  const wanted = steps.findIndex((step) => step >= rough);
  const ends = (step: number) => [Math.ceil(min / step - 1e-9), Math.floor(max / step + 1e-9)];
  const isScale = ([first, last]: number[]) => last > first;
  const step = isScale(ends(steps[wanted])) ? steps[wanted] : steps[wanted - 1];
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const label = (value: number) =>
    signed(
      value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    );
  const [first, last] = ends(step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => {
    const value = (first + k) * step;
    return { value, label: label(Math.abs(value) < step / 2 ? 0 : value) };
  });
}
