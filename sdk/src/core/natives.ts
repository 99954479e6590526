/**
 * A property of a DOM object, as the browser defines it. `<input name="id">` hides the `id` of its form, and
 * frameworks and custom elements hide others; the prototype nearest to the root still has the browser's.
 */
export function read(target: any, name: string): any {
  const found = definition(target, name);
  return found?.get ? found.get.call(target) : found?.value;
}

/** Calls a method of a DOM object, as the browser defines it. Undefined when there is none. */
export function call(target: any, name: string, ...args: unknown[]): any {
  return definition(target, name)?.value?.apply(target, args);
}

function definition(target: any, name: string): PropertyDescriptor | undefined {
  const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
  let found: PropertyDescriptor | undefined;
  for (let at = target && getPrototypeOf(target), next; at && (next = getPrototypeOf(at)); at = next)
    found = getOwnPropertyDescriptor(at, name) ?? found;
  return found;
}

/** Runs outside of Angular's zone, whose app would wait for our timers and check itself after each of our events. */
export function outside<R>(run: () => R): R {
  const root = (globalThis as any).Zone?.root;
  return root?.run ? root.run(run) : run();
}

let clean: typeof fetch | undefined;

/** `fetch` that the page has not changed: the one that is there, or one of a frame of our own, which is made only then and goes at once. */
export function nativeFetch(): typeof fetch {
  try {
    if (!clean && !/native code/.test(Function.prototype.toString.call(fetch))) {
      const frame = call(document, 'createElement', 'iframe');
      call(read(document, 'documentElement'), 'appendChild', frame);
      clean = frame.contentWindow.fetch;
      call(frame, 'remove');
    }
  } catch {
    // A page that allows no frames: what it has must do.
  }
  return clean ?? fetch;
}
