/** Wraps an own method of a prototype; `after` sees the call when it is done. Gives what takes it back. */
export function patchMethod(owner: any, name: string, after: (self: any, args: any[]) => void): () => void {
  const original = owner && Object.getOwnPropertyDescriptor(owner, name)?.value;
  if (!original) return () => {};
  let isOn = true;
  owner[name] = function (this: unknown, ...args: unknown[]) {
    const result = original.apply(this, args);
    if (isOn) after(this, args);
    return result;
  };
  return () => {
    isOn = false;
  };
}

/** Wraps an own accessor of a prototype: `onSet` sees what was set, `onGet` that it was asked for. */
export function patchProperty(
  owner: any,
  name: string,
  onSet?: (self: any) => void,
  onGet?: (self: any) => void,
): () => void {
  const property = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (!property?.get || !property.configurable) return () => {};
  const { get, set } = property;
  let isOn = true;
  Object.defineProperty(owner, name, {
    ...property,
    ...(onGet && {
      get() {
        if (isOn) onGet(this);
        return get.call(this);
      },
    }),
    ...(onSet &&
      set && {
        set(value) {
          set.call(this, value);
          if (isOn) onSet(this);
        },
      }),
  });
  return () => {
    isOn = false;
  };
}
