import type { Extra, Kit } from './scene';
import { FULL_SNAPSHOT, INCREMENTAL, Source, type WireEvent, type WireNode } from './wire';

/**
 * Frames of other origins. A page says to those around it that it is there. One of these that records, knows the
 * frame and trusts its origin answers with a port; if the page trusts that origin, it sends its events there.
 * Nothing else is believed, so that nobody can put anything into the recording of somebody else.
 */
const HELLO = 'crow-frame';
const JOIN = 'crow-join';
/** Asks a page in a frame for its hello. */
const CALL = 'crow-call';
/** What a page around says through the port. */
const AGAIN = 'again';
const END = 'end';

const MAX_EVENT_CHARS = 4_000_000;
/** What a frame may send in a minute; beyond, it is left alone. */
const MAX_CHARS = 30_000_000;
const MINUTE_MS = 60_000;

/** Gives an event as JSON, or the addresses of what is shown. */
export type Send = (json: string) => void;

/** Offers this page to the pages around; `join` gets the function that sends to one, or nothing when that has stopped. */
export function joinParents(origins: string[], join: (send: Send | undefined) => void): () => void {
  let port: MessagePort | undefined;
  const leave = (): void => {
    port?.close();
    port = undefined;
  };
  const onMessage = ({ data, source, origin, ports }: MessageEvent): void => {
    if (!isAround(source)) return;
    if (data === CALL) (source as Window).postMessage(HELLO, '*');
    if (data !== JOIN || !ports[0] || !origins.includes(origin)) return;
    leave();
    port = ports[0];
    const send: Send = (json) => port?.postMessage(json);
    port.onmessage = (message) => {
      if (message.data === END) leave();
      join(port && send);
    };
    join(send);
  };
  window.addEventListener('message', onMessage);
  // Says nothing but that it is there.
  window.parent.postMessage(HELLO, '*');
  return () => {
    window.removeEventListener('message', onMessage);
    leave();
  };
}

function isAround(source: unknown): boolean {
  for (let at: Window = window; at !== at.parent; at = at.parent) if (source === at.parent) return true;
  return false;
}

/** A frame that takes part. */
interface Joined {
  port: MessagePort;
  /** Our ids for those of the frame. */
  ids: Map<number, number>;
  styleIds: Map<number, number>;
  /** Its document, by its own id. */
  root?: number;
}

/** Takes the events of frames of trusted origins into the recording of this page. */
export function joinFrames({ scene, now, on }: Kit, origins: string[]): Extra {
  const { mirror, masking, report, safely, catchUp, shows, undo } = scene;
  const frames = new Set<HTMLIFrameElement>();
  const joined = new Map<HTMLIFrameElement, Joined>();
  /** Sheets of frames have numbers that no sheet of the page has. */
  let styleCount = 1_000_000;

  const mayJoin = (frame: Element): boolean =>
    !!mirror.id(frame) && !masking.isBlocked(frame) && !masking.isMasked(frame);

  const onMessage = safely(({ data, source, origin }: MessageEvent) => {
    if (data !== HELLO || !source || !origins.includes(origin)) return;
    for (const one of frames) if (!mirror.id(one)) frames.delete(one);
    const frame = [...frames].find((one) => one.contentWindow === source);
    if (!frame || !mayJoin(frame)) return;
    const { port1, port2 } = new MessageChannel();
    joined.get(frame)?.port.close();
    joined.set(frame, { port: port1, ids: new Map(), styleIds: new Map() });
    port1.onmessage = listener(frame, joined.get(frame)!);
    (source as Window).postMessage(JOIN, origin, [port2]);
  });

  function listener(frame: HTMLIFrameElement, state: Joined): (message: MessageEvent) => void {
    let left = MAX_CHARS;
    let since = now();
    return safely(({ data }: MessageEvent) => {
      if (typeof data !== 'string' || data.length > MAX_EVENT_CHARS) return;
      if (now() - since > MINUTE_MS) [left, since] = [MAX_CHARS, now()];
      if ((left -= data.length) < 0) return;
      if (!mayJoin(frame)) return;
      const event = JSON.parse(data);
      // It knows itself what of its sheets was loaded.
      for (const { url, from } of event.assets ?? []) shows(String(url), from === 'style' ? 'unread' : 'page');
      catchUp();
      take(event, frame, state);
    });
  }

  function take({ type, data }: WireEvent, frame: HTMLIFrameElement, state: Joined): void {
    if (type === FULL_SNAPSHOT) {
      state.ids.clear();
      state.styleIds.clear();
      state.root = data.node.id;
      const node = nodeOf(data.node, state);
      report(Source.Mutation, {
        adds: [{ parentId: mirror.id(frame), nextId: null, node }],
        removes: [],
        texts: [],
        attributes: [],
        isAttachIframe: true,
      });
      const { left, top } = data.initialOffset;
      if (left || top) report(Source.Scroll, { id: node.id, x: left, y: top });
    }
    // Until its snapshot is there, nothing of a frame has a place.
    if (type === INCREMENTAL && state.ids.size) change(data, state);
  }

  function nodeOf(node: WireNode, state: Joined): WireNode {
    const { id, type, rootId = state.root, childNodes } = node;
    const ours = mirror.newId();
    state.ids.set(id, ours);
    return {
      ...node,
      id: ours,
      // A document is in no other.
      ...(type && { rootId: state.ids.get(rootId!) }),
      ...(childNodes && { childNodes: childNodes.map((child) => nodeOf(child, state)) }),
    };
  }

  function change(data: any, state: Joined): void {
    const ours = (id: unknown): number | undefined => state.ids.get(id as number);
    /** Items with our ids; without those whose nodes are not known. */
    const all = (items: any[], ...keys: string[]): any[] =>
      items
        .map((item) => ({ ...item, ...Object.fromEntries(keys.map((key) => [key, ours(item[key])])) }))
        .filter((item) => keys.every((key) => item[key]));
    const sheet = (id: number): number => {
      const known = state.styleIds.get(id) ?? ++styleCount;
      state.styleIds.set(id, known);
      return known;
    };
    const { source, id } = data;
    const isByPerson =
      [Source.MouseMove, Source.MouseInteraction, Source.TouchMove].includes(source) || !!data.userTriggered;
    switch (source) {
      case Source.Mutation: {
        const removes = all(data.removes, 'parentId', 'id');
        const adds = data.adds.flatMap(({ parentId, nextId, node }: any) => {
          const parent = ours(parentId);
          return parent
            ? [{ parentId: parent, nextId: nextId ? (ours(nextId) ?? null) : null, node: nodeOf(node, state) }]
            : [];
        });
        return report(source, {
          ...data,
          removes,
          adds,
          texts: all(data.texts, 'id'),
          attributes: all(data.attributes, 'id'),
        });
      }
      case Source.MouseMove:
      case Source.TouchMove:
        return report(source, { positions: all(data.positions, 'id') }, isByPerson);
      case Source.Selection:
        return report(source, { ranges: all(data.ranges, 'start', 'end') });
      case Source.MouseInteraction:
      case Source.Scroll:
      case Source.Input:
      case Source.Media:
      case Source.StyleRule:
      case Source.StyleDeclaration:
      case Source.AdoptedStyles: {
        const { styleId, styleIds, styles, ...rest } = data;
        const target = ours(id);
        if (!target && !styleId) return;
        return report(
          source,
          {
            ...rest,
            ...(target && { id: target }),
            ...(styleId && { styleId: sheet(styleId) }),
            ...(styleIds && { styleIds: styleIds.map(sheet) }),
            ...(styles && { styles: styles.map((one: any) => ({ ...one, styleId: sheet(one.styleId) })) }),
          },
          isByPerson,
        );
      }
    }
  }

  return {
    enter(element) {
      if (element.localName !== 'iframe') return;
      const frame = element as HTMLIFrameElement;
      frames.add(frame);
      const state = joined.get(frame);
      if (!state) return frame.contentWindow?.postMessage(CALL, '*');
      state.ids.clear();
      state.port.postMessage(AGAIN);
    },
    watch: (page) => void undo.push(on(page, 'message', onMessage)),
    stop() {
      for (const { port } of joined.values()) {
        port.postMessage(END);
        port.close();
      }
      joined.clear();
    },
  };
}
