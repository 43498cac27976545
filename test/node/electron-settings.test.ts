import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/*
 * What a static checker for Electron would ask of its main process, over the syntax of electron/*.ts.
 */

const folder = join(import.meta.dirname, '../../electron');
const asked: Readonly<Record<string, boolean>> = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
};
/** Preferences that a window may have beside those. */
const harmless = new Set([
  'preload',
  'webviewTag',
  'session',
  'javascript',
  'spellcheck',
  'zoomFactor',
]);
/** Calls that no file makes, by their last name. */
const calls = new Set([
  ...['openExternal', 'executeJavaScript', 'insertCSS', 'eval', 'Function', 'sendSync'],
  ...['enableRemoteModule', 'setCertificateVerifyProc', 'openDevTools', 'appendSwitch'],
]);

/** What is wrong in one file's text. */
function findings(name: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const callee = node.expression;
      const last = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
      if (calls.has(last)) found.push(`${name} calls ${last}`);
      if (last === 'BrowserWindow') found.push(...wrongPreferences(name, node));
      if (last === 'setWindowOpenHandler' && !/action: 'deny'/.test(node.getText()))
        found.push(`${name} lets windows open`);
      const insecure = node.arguments?.some(
        (given) => ts.isStringLiteral(given) && /^(http|ws|ftp):/.test(given.text),
      );
      if (insecure) found.push(`${name} loads something insecure`);
    }
    if (ts.isIdentifier(node) && node.text === 'ipcMain' && name !== 'ipc.ts')
      found.push(`${name} knows ipcMain`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true));
  return found;
}

function wrongPreferences(name: string, window: ts.Node): string[] {
  const given = new Map<string, string>();
  const visit = (node: ts.Node) => {
    const object =
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'webPreferences' &&
      ts.isObjectLiteralExpression(node.initializer)
        ? node.initializer.properties
        : [];
    for (const property of object) {
      const value = ts.isPropertyAssignment(property) ? property.initializer.getText() : '';
      given.set(property.name?.getText() ?? '…', value);
    }
    ts.forEachChild(node, visit);
  };
  visit(window);
  return [
    ...Object.entries(asked)
      .filter(([key, value]) => given.get(key) !== String(value))
      .map(([key]) => `${name} makes a window whose ${key} is ${given.get(key)}`),
    ...[...given.keys()]
      .filter((key) => !(key in asked) && !harmless.has(key))
      .map((key) => `${name} sets ${key}`),
    ...(given.get('webviewTag') === 'true' ? [`${name} allows webviews`] : []),
  ];
}

describe('Electron’s main process', () => {
  it('is as the security checklist asks, in every file', () => {
    const names = readdirSync(folder).filter((name) => /\.ts$/.test(name));
    expect(names).toContain('window.ts');
    expect(
      names.flatMap((name) => findings(name, readFileSync(join(folder, name), 'utf8'))),
    ).toEqual([]);
  });

  it('and the control: each fault is found', () => {
    const faulty = `
      new BrowserWindow({ webPreferences: { sandbox: false, contextIsolation: true, webSecurity: false } });
      shell.openExternal(url);
      contents.setWindowOpenHandler(() => ({ action: 'allow' }));
      window.loadURL('http://example.org');
      ipcMain.handle('x', () => {});
      new electron.BrowserWindow();`;
    expect(findings('window.ts', faulty)).toEqual([
      'window.ts makes a window whose sandbox is false',
      'window.ts makes a window whose nodeIntegration is undefined',
      'window.ts sets webSecurity',
      'window.ts calls openExternal',
      'window.ts lets windows open',
      'window.ts loads something insecure',
      'window.ts knows ipcMain',
      'window.ts makes a window whose sandbox is undefined',
      'window.ts makes a window whose contextIsolation is undefined',
      'window.ts makes a window whose nodeIntegration is undefined',
    ]);
  });
});
