/** Wraps a method of a prototype; `after` sees the call when it is done. Gives what takes it back. */
export function patchMethod(owner: any, name: string, after: (self: any, args: any[], before: unknown) => void, before?: (self: any) => unknown): () => void {
  const original = owner?.[name];
  if (!original) return () => {};
  let isOn = true;
  owner[name] = function (this: unknown, ...args: unknown[]) {
    const noted = isOn && before ? before(this) : undefined;
    const result = original.apply(this, args);
    if (isOn) after(this, args, noted);
    return result;
  };
  return () => {
    isOn = false;
  };
}

/** Wraps the setter of a property. */
export function patchSetter(owner: any, name: string, after: (self: any) => void): () => void {
  const property = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (!property?.set || !property.configurable) return () => {};
  let isOn = true;
  Object.defineProperty(owner, name, {
    ...property,
    set(value) {
      property.set!.call(this, value);
      if (isOn) after(this);
    },
  });
  return () => {
    isOn = false;
  };
}
