/**
 * Recordings can be forged by anyone who has the key inside a page. Scripts cannot run in the frame of the replay
 * (sandbox and CSP forbid it), yet nothing that would run, load, navigate or submit gets that far:
 * an event comes out of here rebuilt from the parts that are known to be harmless, or not at all.
 */
import type { Policy, Report } from './addresses';
import { sanitizeMutation } from './sanitize-mutation';
import { isId, isObject, list, newWork, nodeOf, text, type Raw, type Work } from './sanitize-nodes';
import { rewriteMedia } from './css/rewrite';
import { sanitizeCss, sanitizeValue } from './sanitize-parts';

export { newReport, type Policy, type Report } from './addresses';
export { sanitizeNode } from './sanitize-nodes';

/** An event of rrweb, as far as it is known. */
export interface ReplayEvent {
  type: number;
  timestamp: number;
  // rrweb's own types describe what a recorder writes; here anything may have been written.
  data: Record<string, unknown>;
}

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;

/** Sources of incremental events. */
export const Source = {
  Mutation: 0,
  MouseMove: 1,
  MouseInteraction: 2,
  Scroll: 3,
  Resize: 4,
  Input: 5,
  TouchMove: 6,
  StyleRule: 8,
  Drag: 12,
  StyleDeclaration: 13,
  Selection: 14,
  AdoptedStyles: 15,
} as const;

const MOVES = new Set<unknown>([Source.MouseMove, Source.TouchMove, Source.Drag]);
const STYLES = new Set<unknown>([Source.StyleRule, Source.StyleDeclaration, Source.AdoptedStyles]);
const MAX_POSITIONS = 2_000;
const MAX_SIZE = 16_384;
const MAX_ADDRESS = 2_048;
const LATEST = 8.64e15;

const number = (value: unknown, fallback = 0): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;
const size = (value: unknown, fallback: number): number => Math.min(MAX_SIZE, Math.max(1, number(value, fallback)));

/** A harmless event that shows the same; undefined when there is nothing to show. */
export function sanitizeEvent(raw: unknown, policy: Policy, report: Report): ReplayEvent | undefined {
  if (!isObject(raw) || !isObject(raw.data)) return undefined;
  const { type, timestamp, data } = raw;
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp <= LATEST)) return undefined;
  const safe = sanitizeData(type, data, newWork(policy, report));
  return safe && { type: type as number, timestamp, data: safe };
}

function sanitizeData(type: unknown, data: Raw, work: Work): Raw | undefined {
  if (type === META) return meta(data, work);
  if (type === FULL_SNAPSHOT) return snapshot(data, work);
  if (type === INCREMENTAL) return incremental(data, work);
  return type === CUSTOM ? custom(data, work) : undefined;
}

function meta(data: Raw, { memory }: Work): Raw {
  const href = text(data.href).slice(0, MAX_ADDRESS);
  [memory.page = ''] = href.split('#');
  const scheme = data.colorScheme === 'dark' || data.colorScheme === 'light' ? { colorScheme: data.colorScheme } : {};
  return { href, width: size(data.width, 1280), height: size(data.height, 720), ...scheme };
}

/** The page has another address, without another page. */
function custom(data: Raw, { memory }: Work): Raw | undefined {
  if (data.tag !== 'url' || !isObject(data.payload)) return undefined;
  const href = text(data.payload.href).slice(0, MAX_ADDRESS);
  if (!href) return undefined;
  [memory.page = ''] = href.split('#');
  return { tag: 'url', payload: { href } };
}

function snapshot(data: Raw, work: Work): Raw | undefined {
  const { report } = work;
  const masked = { ...report.masked };
  report.masked = { texts: 0, fields: 0, blocks: 0 };
  work.memory.reset();
  const node = nodeOf(data.node, work);
  for (const kind of ['texts', 'fields', 'blocks'] as const)
    report.masked[kind] = Math.max(report.masked[kind], masked[kind]);
  if (node?.type !== 0) return undefined;
  const offset = isObject(data.initialOffset) ? data.initialOffset : {};
  return { node, initialOffset: { left: number(offset.left), top: number(offset.top) } };
}

function incremental(data: Raw, work: Work): Raw | undefined {
  const { source } = data;
  if (source === Source.Mutation) return sanitizeMutation(data, work);
  if (MOVES.has(source)) return moves(data);
  if (source === Source.Resize) return { source, width: size(data.width, 1280), height: size(data.height, 720) };
  if (STYLES.has(source)) return styles(data, work);
  if (source === Source.Selection) return selection(data);
  if (!isId(data.id)) return undefined;
  switch (source) {
    case Source.MouseInteraction:
      return {
        source,
        type: number(data.type),
        id: data.id,
        x: number(data.x),
        y: number(data.y),
        ...(isId(data.pointerType) && { pointerType: data.pointerType }),
        ...(typeof data.visible === 'boolean' && { visible: data.visible }),
      };
    case Source.Scroll:
      return { source, id: data.id, x: number(data.x), y: number(data.y) };
    case Source.Input:
      return { source, id: data.id, text: text(data.text), isChecked: data.isChecked === true };
    default:
      // Canvas commands, fonts, media, plugins: nothing that is needed to understand what happened.
      return undefined;
  }
}

function moves(data: Raw): Raw | undefined {
  const positions = list(data.positions)
    .slice(0, MAX_POSITIONS)
    .filter(({ id }) => isId(id));
  // The replayer reads the last one without looking whether there is one.
  if (!positions.length) return undefined;
  return {
    source: data.source,
    positions: positions.map(({ x, y, id, timeOffset }) => ({
      x: number(x),
      y: number(y),
      id,
      timeOffset: Math.max(-60_000, Math.min(0, number(timeOffset))),
    })),
  };
}

function selection(data: Raw): Raw {
  const ranges = list(data.ranges).filter(({ start, end }) => isId(start) && isId(end));
  return {
    source: Source.Selection,
    ranges: ranges.slice(0, 20).map(({ start, startOffset, end, endOffset }) => ({
      start,
      startOffset: number(startOffset),
      end,
      endOffset: number(endOffset),
    })),
  };
}

const IDS = ['source', 'id', 'styleId', 'index'] as const;

function styles(data: Raw, { policy, report }: Work): Raw {
  const safe: Raw = {};
  for (const name of IDS)
    if (isId(data[name]) || Array.isArray(data[name]))
      safe[name] = Array.isArray(data[name]) ? data[name].filter(isId) : data[name];
  const css = (value: unknown) => sanitizeCss(text(value), policy, report);
  const rule = (each: Raw) => ({
    rule: css(each.rule),
    ...((isId(each.index) || Array.isArray(each.index)) && { index: each.index }),
  });
  if (data.adds !== undefined) safe.adds = list(data.adds).map(rule);
  if (data.removes !== undefined) safe.removes = list(data.removes).map(({ index }) => ({ index }));
  if (data.replace !== undefined) safe.replace = css(data.replace);
  if (data.replaceSync !== undefined) safe.replaceSync = css(data.replaceSync);
  if (Array.isArray(data.styleIds)) safe.styleIds = data.styleIds.filter(isId);
  if (data.styles !== undefined)
    safe.styles = list(data.styles)
      .filter(({ styleId }) => isId(styleId))
      .map(({ styleId, rules, media }) => ({
        styleId,
        ...(typeof media === 'string' && { media: rewriteMedia(media) }),
        rules: list(rules).map(rule),
      }));
  if (isObject(data.set))
    safe.set = {
      property: text(data.set.property),
      value: sanitizeValue(text(data.set.value), policy, report),
      priority: text(data.set.priority),
    };
  if (isObject(data.remove)) safe.remove = { property: text(data.remove.property) };
  return safe;
}
