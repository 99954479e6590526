/** Nodes of a recording, rebuilt from the parts that are known to be harmless. */
import type { Policy, Report } from './addresses';
import { BROKEN } from './clear';
import { Memory, newSheet, sheetText, type Sheet } from './memory';
import { sanitizeAttributes, sanitizeCss, sizeOf } from './sanitize-parts';

export type Raw = Record<string, unknown>;
export const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isId = (value: unknown): value is number => Number.isSafeInteger(value);
export const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isObject) : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const MAX_DEPTH = 400;
export const MAX_NODES = 400_000;

/** Elements that load, run or change how everything else is read. They stay as an empty element of this name, since later events name them. */
const REPLACED = new Map([
  ['script', 'noscript'],
  ['base', 'noscript'],
  ['object', 'div'],
  ['embed', 'div'],
  ['applet', 'div'],
  ['portal', 'div'],
  ['frame', 'div'],
  ['frameset', 'div'],
  ['fencedframe', 'div'],
]);
/** Where the parts of a sheet's text were that has more than one text node. */
const SPLIT = '/* rr_split */';

/** Everything that the work on one event needs. */
export interface Work {
  policy: Policy;
  report: Report;
  memory: Memory;
  depth: number;
  /** How many nodes the event may still have. */
  left: number;
}

export const newWork = (policy: Policy, report: Report): Work => ({
  policy,
  report,
  memory: policy.memory ?? new Memory(),
  depth: 0,
  left: MAX_NODES,
});

/** A node with what is in it; undefined when it is none. */
export function sanitizeNode(raw: unknown, policy: Policy, report: Report): Raw | undefined {
  return nodeOf(raw, newWork(policy, report));
}

export function nodeOf(raw: unknown, work: Work): Raw | undefined {
  if (!isObject(raw) || !isId(raw.id) || work.left-- <= 0) return undefined;
  const node: Raw = { type: raw.type, id: raw.id };
  if (isId(raw.rootId)) node.rootId = raw.rootId;
  if (raw.isShadow === true) node.isShadow = true;
  if (raw.isShadowHost === true) node.isShadowHost = true;
  switch (raw.type) {
    case 0:
      if (raw.compatMode === 'BackCompat') node.compatMode = 'BackCompat';
      node.childNodes = childrenOf(raw, work);
      return node;
    case 1:
      return { ...node, name: /^[a-z]+$/i.test(text(raw.name)) ? raw.name : 'html', publicId: '', systemId: '' };
    case 2:
      return elementOf(raw, node, work);
    case 3:
      return textOf(raw, node, work);
    case 4:
    case 5:
      return { ...node, textContent: '' };
    default:
      return undefined;
  }
}

function childrenOf(raw: Raw, work: Work): Raw[] {
  if (work.depth >= MAX_DEPTH) return [];
  work.depth++;
  const safe: Raw[] = [];
  for (const child of list(raw.childNodes)) {
    const node = nodeOf(child, work);
    if (node) safe.push(node);
  }
  work.depth--;
  return safe;
}

function elementOf(raw: Raw, node: Raw, work: Work): Raw {
  const { policy, report, memory } = work;
  const named = /^[a-z][\w:.-]*$/i.test(text(raw.tagName)) ? text(raw.tagName) : 'div';
  // `svg:script` and `SCRIPT` are scripts, too.
  const local = named.toLowerCase().split(':').pop() ?? '';
  // An id that was ever that of a sheet stays one: its children are read as CSS.
  if (!memory.sheets.has(raw.id as number)) memory.tags.set(raw.id as number, local);
  const replaced = REPLACED.get(local);
  if (replaced) {
    if (local === 'script') report.scripts++;
    return { ...node, tagName: replaced, attributes: {}, childNodes: [] };
  }
  if (raw.needBlock === true) node.needBlock = true;
  const attributes = isObject(raw.attributes) ? raw.attributes : {};
  if (local === 'style' || local === 'link') return sheetOf(raw, { ...node, tagName: local }, attributes, work);
  if (raw.isSVG === true) node.isSVG = true;
  if (local === 'img')
    memory.pictures.set(raw.id as number, {
      address: text(attributes.rr_src) || text(attributes.src),
      size: sizeOf(attributes),
      isBroken: attributes.rr_broken === true,
    });
  const safe = sanitizeAttributes(local, attributes, policy, report);
  if (local === 'img' && attributes.rr_broken === true) safe.src = BROKEN;
  return { ...node, tagName: named, attributes: safe, childNodes: childrenOf(raw, work) };
}

/**
 * A style sheet, in whatever namespace it was. All of its text goes into one attribute, which the replayer makes a
 * style element of: cut over several nodes, each part could look harmless.
 */
function sheetOf(raw: Raw, node: Raw, attributes: Raw, work: Work): Raw {
  const { policy, report, memory } = work;
  const id = raw.id as number;
  const sheet = newSheet();
  memory.sheets.set(id, sheet);
  const parts = list(raw.childNodes).filter((child) => child.type === 3 && isId(child.id));
  const given = typeof attributes._cssText === 'string' ? attributes._cssText.split(SPLIT) : undefined;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    insertText(
      memory,
      id,
      part.id as number,
      given ? (isLast ? given.slice(index).join('') : (given[index] ?? '')) : text(part.textContent),
      null,
    );
  }
  const css = parts.length ? sheetText(sheet) : given?.join('');
  const safe = sanitizeAttributes(node.tagName as string, { ...attributes, _cssText: undefined }, policy, report);
  sheet.media = typeof safe.media === 'string' ? safe.media : undefined;
  sheet.isDisabled = attributes.rr_disabled === true || (node.tagName === 'link' && attributes.disabled !== undefined);
  if (sheet.isDisabled) safe.media = 'not all';
  delete safe.rr_disabled;
  delete safe.disabled;
  if (css !== undefined && (css || node.tagName === 'style'))
    safe._cssText = sanitizeCss(css.replaceAll(SPLIT, ''), policy, report);
  return { ...node, attributes: safe, childNodes: [] };
}

/** Puts a text of a sheet before another one, or at its end. */
export function insertText(memory: Memory, sheetId: number, id: number, content: string, nextId: unknown): void {
  const sheet = memory.sheets.get(sheetId);
  if (!sheet) return;
  removeText(memory, id);
  const at = isId(nextId) ? sheet.order.indexOf(nextId) : -1;
  sheet.order.splice(at < 0 ? sheet.order.length : at, 0, id);
  sheet.texts.set(id, content);
  memory.sheetOf.set(id, sheetId);
  memory.plainTexts.delete(id);
}

/** Gives the sheet that the text was in. */
export function removeText(memory: Memory, id: number): number | undefined {
  const sheetId = memory.sheetOf.get(id);
  const sheet: Sheet | undefined = memory.sheets.get(sheetId ?? -1);
  if (sheetId === undefined || !sheet) return undefined;
  memory.sheetOf.delete(id);
  sheet.texts.delete(id);
  sheet.order = sheet.order.filter((each) => each !== id);
  return sheetId;
}

function textOf(raw: Raw, node: Raw, { report, memory }: Work): Raw {
  const content = text(raw.textContent);
  if (/^\s*\*{2,}[\s*]*$/.test(content)) report.masked.texts++;
  memory.plainTexts.add(raw.id as number);
  return { ...node, textContent: content };
}
