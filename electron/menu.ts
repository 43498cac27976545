import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../shared/protocol/app.ts';

/** The native menu; what it does, the window does. */
export function setMenu(command: (command: MenuCommand) => void, isMac: boolean): void {
  const item = (
    label: string,
    name: MenuCommand,
    accelerator?: string,
  ): MenuItemConstructorOptions => ({ label, accelerator, click: () => command(name) });
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('New project', 'new-project', 'CmdOrCtrl+N'),
        item('Open project …', 'open-project'),
        item('Save', 'save-project', 'CmdOrCtrl+S'),
        item('Save as …', 'save-project-as', 'CmdOrCtrl+Shift+S'),
        { type: 'separator' },
        item('Open pictures …', 'open-files', 'CmdOrCtrl+O'),
        item('Open folder …', 'open-folder', 'CmdOrCtrl+Shift+O'),
        { type: 'separator' },
        item('Export fit file …', 'export-fit-file', 'CmdOrCtrl+E'),
        { type: 'separator' },
        item('Settings', 'settings', 'CmdOrCtrl+,'),
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('Undo', 'undo', 'CmdOrCtrl+Z'),
        item('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'F&it',
      submenu: [
        item('Start or pause', 'start-pause'),
        item('One step', 'step'),
        item('Stop', 'stop'),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: '&Help',
      submenu: [item('Help', 'help', 'F1'), item('Keyboard shortcuts', 'shortcuts')],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
