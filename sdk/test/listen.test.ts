// Listening in a page that opens its document anew, which removes all listeners.
import { expect, test, vi } from 'vitest';

test('what listens goes on after the document was opened anew, until it is stopped', async () => {
  let listeners: [type: string, run: (event: object) => void][] = [];
  const page = {
    // As where the page wraps each listener anew, so that the browser takes the same one for another.
    addEventListener: (type: string, run: (event: object) => void) => void listeners.push([type, run]),
    removeEventListener(type: string, run: (event: object) => void) {
      listeners = listeners.filter((one) => one[0] !== type || one[1] !== run);
    },
    open: () => 'a window',
  };
  class FakeDocument {
    root: object | null = {};
    isOpen = false;
    get documentElement() {
      return this.root;
    }
    open() {
      this.root = null;
      this.isOpen = true;
      listeners = [];
    }
    /** Opens a document that is closed. */
    write() {
      if (!this.isOpen) this.open();
      this.root ??= {};
    }
    writeln() {
      this.write();
    }
    close() {
      this.isOpen = false;
    }
  }
  const document = new FakeDocument();
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', document);
  const history = { pushState: () => {} };
  vi.stubGlobal('history', history);
  vi.stubGlobal('navigator', {});
  const { listen } = await import('../src/web/listen');
  const told: string[] = [];
  const happen = (type: string): void => listeners.forEach((one) => one[0] === type && one[1]({ type }));
  const stop = listen('click error', ({ type }) => told.push(type));

  const calls: [of: any, name: string][] = [
    [history, 'pushState'],
    [page, 'open'],
    [document, 'open'],
    [document, 'write'],
    [document, 'write'],
    [document, 'close'],
    [document, 'write'],
    [document, 'close'],
    [document, 'writeln'],
    [history, 'pushState'],
  ];
  for (const [of, name] of calls) {
    of[name]();
    happen('click');
    happen('error');
    expect(told.splice(0)).toEqual(['click', 'error']);
  }
  expect(listeners).toHaveLength(2);
  expect(page.open()).toBe('a window');
  stop();
  document.open();
  happen('click');
  expect(told).toEqual([]);
  vi.unstubAllGlobals();
});
