/**
 * Recordings can be forged by anyone who has the key inside a page. Scripts cannot run in the frame of the replay
 * (sandbox and CSP forbid it), yet nothing that would run, load, navigate or submit gets that far:
 * an event comes out of here rebuilt from the parts that are known to be harmless, or not at all.
 */
import { sanitizeAttribute, sanitizeAttributes, sanitizeCss, type Policy, type Report } from './sanitize-parts';

export { newReport, type Policy, type Report } from './sanitize-parts';

/** An event of rrweb, as far as it is known. */
export interface ReplayEvent {
  type: number;
  timestamp: number;
  // rrweb's own types describe what a recorder writes; here anything may have been written.
  data: Record<string, unknown>;
}

export const META = 4;
export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;

/** Sources of incremental events. */
const MUTATION = 0;
const MOVES = new Set([1, 6, 12]);
const INTERACTION = 2;
const SCROLL = 3;
const RESIZE = 4;
const INPUT = 5;
const STYLE_RULE = 8;
const STYLE_DECLARATION = 13;
const SELECTION = 14;
const ADOPTED_STYLES = 15;

const MAX_DEPTH = 400;
const MAX_NODES = 400_000;
const MAX_POSITIONS = 2_000;
const MAX_SIZE = 16_384;
const LATEST = 8.64e15;

/** Elements that load, run or change how everything else is read. They stay as an empty element of this name, since later events name them. */
const REPLACED: Record<string, string> = { script: 'noscript', base: 'noscript', object: 'div', embed: 'div', applet: 'div', portal: 'div', frame: 'div', frameset: 'div', fencedframe: 'div' };

type Raw = Record<string, unknown>;
const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isObject) : []);
const number = (value: unknown, fallback = 0): number => (typeof value === 'number' && Number.isFinite(value) ? value : fallback);
const size = (value: unknown, fallback: number): number => Math.min(MAX_SIZE, Math.max(1, number(value, fallback)));
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A harmless event that shows the same; undefined when there is nothing to show. */
export function sanitizeEvent(raw: unknown, policy: Policy, report: Report): ReplayEvent | undefined {
  if (!isObject(raw) || !isObject(raw.data)) return undefined;
  const { type, timestamp, data } = raw;
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp <= LATEST)) return undefined;
  const safe = type === META ? meta(data) : type === FULL_SNAPSHOT ? snapshot(data, policy, report) : type === INCREMENTAL ? incremental(data, policy, report) : undefined;
  return safe && { type: type as number, timestamp, data: safe };
}

const meta = (data: Raw): Raw => ({ href: text(data.href).slice(0, 2_048), width: size(data.width, 1280), height: size(data.height, 720) });

function snapshot(data: Raw, policy: Policy, report: Report): Raw | undefined {
  const masked = { ...report.masked };
  report.masked = { texts: 0, fields: 0, blocks: 0 };
  const node = sanitizeNode(data.node, policy, report, { depth: 0, left: MAX_NODES });
  for (const kind of ['texts', 'fields', 'blocks'] as const) report.masked[kind] = Math.max(report.masked[kind], masked[kind]);
  if (node?.type !== 0) return undefined;
  const offset = isObject(data.initialOffset) ? data.initialOffset : {};
  return { node, initialOffset: { left: number(offset.left), top: number(offset.top) } };
}

interface Bounds {
  depth: number;
  /** How many nodes an event may still have. */
  left: number;
}

/** A node with what is in it; undefined when it is none. */
export function sanitizeNode(raw: unknown, policy: Policy, report: Report, bounds: Bounds = { depth: 0, left: MAX_NODES }): Raw | undefined {
  if (!isObject(raw) || !isId(raw.id) || bounds.left-- <= 0) return undefined;
  const node: Raw = { type: raw.type, id: raw.id };
  if (isId(raw.rootId)) node.rootId = raw.rootId;
  if (raw.isShadow === true) node.isShadow = true;
  if (raw.isShadowHost === true) node.isShadowHost = true;
  switch (raw.type) {
    case 0:
      if (raw.compatMode === 'BackCompat') node.compatMode = 'BackCompat';
      node.childNodes = children(raw, policy, report, bounds);
      return node;
    case 1:
      return { ...node, name: /^[a-z]+$/i.test(text(raw.name)) ? raw.name : 'html', publicId: '', systemId: '' };
    case 2:
      return element(raw, node, policy, report, bounds);
    case 3:
      return textNode(raw, node, policy, report);
    case 4:
    case 5:
      return { ...node, textContent: '' };
    default:
      return undefined;
  }
}

function children(raw: Raw, policy: Policy, report: Report, bounds: Bounds): Raw[] {
  if (bounds.depth >= MAX_DEPTH) return [];
  bounds.depth++;
  const safe: Raw[] = [];
  for (const child of list(raw.childNodes)) {
    const node = sanitizeNode(child, policy, report, bounds);
    if (node) safe.push(node);
  }
  bounds.depth--;
  return safe;
}

function element(raw: Raw, node: Raw, policy: Policy, report: Report, bounds: Bounds): Raw {
  const named = /^[a-z][\w:.-]*$/i.test(text(raw.tagName)) ? text(raw.tagName) : 'div';
  // `svg:script` and `SCRIPT` are scripts, too.
  const local = named.toLowerCase().split(':').pop() ?? '';
  const replaced = Object.hasOwn(REPLACED, local) ? REPLACED[local] : undefined;
  if (replaced) {
    if (local === 'script') report.scripts++;
    return { ...node, tagName: replaced, attributes: {}, childNodes: [] };
  }
  if (raw.isSVG === true) node.isSVG = true;
  if (raw.needBlock === true) node.needBlock = true;
  const attributes = sanitizeAttributes(local, isObject(raw.attributes) ? raw.attributes : {}, policy, report);
  return { ...node, tagName: named, attributes, childNodes: children(raw, policy, report, bounds) };
}

function textNode(raw: Raw, node: Raw, policy: Policy, report: Report): Raw {
  const content = text(raw.textContent);
  const isStyle = raw.isStyle === true;
  if (!isStyle && /^\s*\*{2,}[\s*]*$/.test(content)) report.masked.texts++;
  // What looks like a style sheet is treated as one, whether the recording says so or not.
  const isCss = isStyle || /@import|url\s*\(/i.test(content);
  return { ...node, textContent: isCss ? sanitizeCss(content, policy, report) : content, ...(isStyle && { isStyle }) };
}

function incremental(data: Raw, policy: Policy, report: Report): Raw | undefined {
  const source = data.source as number;
  if (source === MUTATION) return mutation(data, policy, report);
  if (MOVES.has(source)) return moves(data);
  if (source === RESIZE) return { source, width: size(data.width, 1280), height: size(data.height, 720) };
  if (source === STYLE_RULE || source === ADOPTED_STYLES || source === STYLE_DECLARATION) return styles(data, policy, report);
  if (source === SELECTION) return selection(data);
  if (!isId(data.id)) return undefined;
  switch (source) {
    case INTERACTION:
      return { source, type: number(data.type), id: data.id, x: number(data.x), y: number(data.y), ...(isId(data.pointerType) && { pointerType: data.pointerType }) };
    case SCROLL:
      return { source, id: data.id, x: number(data.x), y: number(data.y) };
    case INPUT:
      return { source, id: data.id, text: text(data.text), isChecked: data.isChecked === true };
    default:
      // Canvas commands, fonts, media, plugins: nothing that is needed to understand what happened.
      return undefined;
  }
}

function mutation(data: Raw, policy: Policy, report: Report): Raw {
  const bounds = { depth: 0, left: MAX_NODES };
  const adds: Raw[] = [];
  for (const add of list(data.adds)) {
    const node = sanitizeNode(add.node, policy, report, bounds);
    if (!node || !isId(add.parentId)) continue;
    adds.push({ parentId: add.parentId, nextId: isId(add.nextId) ? add.nextId : null, ...(isId(add.previousId) && { previousId: add.previousId }), node });
  }
  const attributes = list(data.attributes).filter(({ id }) => isId(id)).map((change) => ({ id: change.id, attributes: changed(change.attributes, policy, report) }));
  const texts = list(data.texts).filter(({ id }) => isId(id)).map(({ id, value }) => ({ id, value: /@import|url\s*\(/i.test(text(value)) ? sanitizeCss(text(value), policy, report) : text(value) }));
  const removes = list(data.removes).filter(({ id, parentId }) => isId(id) && isId(parentId)).map(({ id, parentId, isShadow }) => ({ id, parentId, ...(isShadow === true && { isShadow }) }));
  return { source: MUTATION, texts, attributes, removes, adds, ...(data.isAttachIframe === true && { isAttachIframe: true }) };
}

/** Changed attributes of an element whose name is not known here: the strictest reading of each. */
function changed(raw: unknown, policy: Policy, report: Report): Raw {
  const safe: Raw = {};
  if (!isObject(raw)) return safe;
  for (const [name, value] of Object.entries(raw)) {
    if (value === null) safe[name] = null;
    else {
      const kept = sanitizeAttribute('', name, value, policy, report);
      if (kept !== undefined) safe[name] = kept;
    }
  }
  return safe;
}

function moves(data: Raw): Raw {
  const positions = list(data.positions).slice(0, MAX_POSITIONS).filter(({ id }) => isId(id));
  return { source: data.source, positions: positions.map(({ x, y, id, timeOffset }) => ({ x: number(x), y: number(y), id, timeOffset: Math.max(-60_000, Math.min(0, number(timeOffset))) })) };
}

function selection(data: Raw): Raw {
  const ranges = list(data.ranges).filter(({ start, end }) => isId(start) && isId(end));
  return { source: SELECTION, ranges: ranges.slice(0, 20).map(({ start, startOffset, end, endOffset }) => ({ start, startOffset: number(startOffset), end, endOffset: number(endOffset) })) };
}

const IDS = ['source', 'id', 'styleId', 'index'] as const;

function styles(data: Raw, policy: Policy, report: Report): Raw {
  const safe: Raw = {};
  for (const name of IDS) if (isId(data[name]) || Array.isArray(data[name])) safe[name] = Array.isArray(data[name]) ? data[name].filter(isId) : data[name];
  const css = (value: unknown) => sanitizeCss(text(value), policy, report);
  const rule = (each: Raw) => ({ rule: css(each.rule), ...((isId(each.index) || Array.isArray(each.index)) && { index: each.index }) });
  if (data.adds !== undefined) safe.adds = list(data.adds).map(rule);
  if (data.removes !== undefined) safe.removes = list(data.removes).map(({ index }) => ({ index }));
  if (data.replace !== undefined) safe.replace = css(data.replace);
  if (data.replaceSync !== undefined) safe.replaceSync = css(data.replaceSync);
  if (Array.isArray(data.styleIds)) safe.styleIds = data.styleIds.filter(isId);
  if (data.styles !== undefined) safe.styles = list(data.styles).filter(({ styleId }) => isId(styleId)).map(({ styleId, rules }) => ({ styleId, rules: list(rules).map(rule) }));
  if (isObject(data.set)) safe.set = { property: text(data.set.property), value: css(data.set.value), priority: text(data.set.priority) };
  if (isObject(data.remove)) safe.remove = { property: text(data.remove.property) };
  return safe;
}
