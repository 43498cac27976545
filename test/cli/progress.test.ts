import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProgressLine } from '../../electron/cli/progress.ts';

describe('progress on a stream that is no terminal', () => {
  const { isTTY } = process.stderr;

  afterEach(() => {
    vi.restoreAllMocks();
    process.stderr.isTTY = isTTY;
  });

  it('times every part of the work by itself, and leaves out a speed that is not known yet', () => {
    const lines: string[] = [];
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    process.stderr.isTTY = false;
    const line = new ProgressLine('Checking');
    const at = (seconds: number, ...update: Parameters<ProgressLine['update']>) => {
      now = 1000 * seconds;
      line.update(...update);
    };
    at(6, 12, 100, 'sets');
    at(12, 60, 100, 'sets');
    // half a minute of sets says nothing of how fast the map will be
    at(36, 20, 50, 'map');
    at(42, 32, 50, 'map');
    expect(lines).toEqual([
      'Checking: 12/100 · sets\n',
      'Checking: 60/100 · 8.0/s, 5 s left · sets\n',
      'Checking: 20/50 · map\n',
      'Checking: 32/50 · 2.0/s, 9 s left · map\n',
    ]);
  });
});
