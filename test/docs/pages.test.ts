import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Relative targets of a page's links and pictures, outside fenced and inline code. */
function targets(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as the common hosts of repositories spell them. */
function anchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** Links of a page that lead nowhere. */
function broken(page: string, markdown: string): string[] {
  return targets(markdown).filter((target) => {
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, file))) return true;
    const there = path === '' ? markdown : read(file);
    return anchor !== undefined && !anchors(there).includes(anchor);
  });
}

describe('pages', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);

  it.each(['README.md', ...pages])('%s links to what exists', (page) => {
    expect(broken(page, read(page))).toEqual([]);
  });

  it('are all in the index', () => {
    const listed = targets(read('docs/README.md')).map((target) => `docs/${target}`);
    expect(pages.filter((page) => page !== 'docs/README.md' && !listed.includes(page))).toEqual([]);
  });

  it('with links that lead nowhere are found', () => {
    const page = '# One, two\n[a](none.md) [b](#one-two) [c](#three) [d](LICENSE) `[e](code.md)`';
    expect(broken('README.md', page)).toEqual(['none.md', '#three']);
  });
});

it('the citation has the version, licence and author of the package', () => {
  const citation = read('CITATION.cff');
  expect(citation).toMatch(/^cff-version: 1\.2\.0$/m);
  expect(/^version: (.+)$/m.exec(citation)?.[1]).toBe(manifest.version);
  expect(/^license: (.+)$/m.exec(citation)?.[1]).toBe(manifest.license);
  expect(/^authors:\n((?: .*\n)+)/m.exec(citation)?.[1].trim()).toBe(`- name: ${manifest.author}`);
});
