let scratch: CSSStyleDeclaration[] | undefined;

/** The properties of a `style` attribute that differ, when that is shorter than all of them. */
export function styleChange(before: string, after: string, whole: string): unknown {
  scratch ??= [document.createElement('i').style, document.createElement('i').style];
  const [old, now] = scratch as [CSSStyleDeclaration, CSSStyleDeclaration];
  old.cssText = before;
  now.cssText = after;
  const change: Record<string, unknown> = {};
  for (const name of [...(old as any)]) {
    if (now.getPropertyValue(name)) continue;
    change[name] = false;
    old.removeProperty(name);
  }
  for (const name of now as any) {
    const [value, priority] = [now.getPropertyValue(name), now.getPropertyPriority(name)];
    if (value === old.getPropertyValue(name) && priority === old.getPropertyPriority(name)) continue;
    change[name] = priority ? [value, priority] : value;
    old.setProperty(name, value, priority);
  }
  // Not so when the order would be another, or the parser does not know all of it.
  const isSame = old.cssText === now.cssText && whole === after && now.cssText.length >= after.trim().length - 1;
  return isSame && JSON.stringify(change).length < whole.length ? change : whole;
}
