// Listening in a page that opens its document anew, which removes all listeners.
import { expect, test, vi } from 'vitest';

test('what listens goes on after the document was opened anew, until it is stopped', async () => {
  let listeners: [type: string, run: (event: object) => void][] = [];
  const page = {
    addEventListener(type: string, run: (event: object) => void) {
      if (!listeners.some((one) => one[0] === type && one[1] === run)) listeners.push([type, run]);
    },
    removeEventListener(type: string, run: (event: object) => void) {
      listeners = listeners.filter((one) => one[0] !== type || one[1] !== run);
    },
    open: () => 'a window',
  };
  const document = {
    open: () => void (listeners = []),
    // Opens a document that was closed.
    write: () => void (listeners = []),
    writeln: () => void (listeners = []),
  };
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', document);
  vi.stubGlobal('history', { pushState: () => {} });
  vi.stubGlobal('navigator', {});
  const { listen } = await import('../src/web/listen');
  const told: string[] = [];
  const happen = (type: string): void => listeners.forEach((one) => one[0] === type && one[1]({ type }));
  const stop = listen('click error', ({ type }) => told.push(type));

  for (const open of [() => {}, () => document.open(), () => document.write(), () => document.writeln(), page.open]) {
    open();
    happen('click');
    happen('error');
    expect(told.splice(0)).toEqual(['click', 'error']);
  }
  expect(page.open()).toBe('a window');
  stop();
  document.open();
  happen('click');
  expect(told).toEqual([]);
  vi.unstubAllGlobals();
});
