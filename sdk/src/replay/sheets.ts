import {
  baseURI,
  cssRules,
  cssText,
  firstChild,
  getAttribute,
  nameOf,
  NativeSet,
  NativeWeakMap,
  NativeWeakSet,
  nextSibling,
  nodeType,
  textContent,
  whenIdle,
} from './natives';
import { rewriteCss } from './css';
import type { Late } from './load';
import type { Sources } from './sources';
import { Source } from './wire';
import { attributeChange, type Kit } from './scene';

type Owner = HTMLStyleElement | HTMLLinkElement;

/** The text of style sheets. */
export interface Sheets {
  /** A `style` attribute. */
  inlineStyle(css: string, element: Element, isMasked: boolean): string;
  /** A rule, with whole addresses. */
  rule(css: string, sheet: CSSStyleSheet | null): string;
  /** The text in a `style`; all of it stands in the first node, because tokens may go on in the next. */
  styleText(node: Node, style: Element): string;
  /** What no attribute says of a `style` or a `link`. */
  stateOf(owner: Element): Record<string, unknown>;
  /** A link may show another sheet now, or none. */
  link(link: Element): void;
  /** Tells which rules a program has put into a `style`. */
  style(style: Element): void;
  /** The sheet of an element may be switched on or off. */
  switched(owner: Element): void;
  /** Tells what has changed without a call: a new text makes a new sheet, which is on. */
  check(): void;
  /** A program changes the rules of this sheet. */
  touched(sheet: CSSStyleSheet | null): void;
  /** From now on, programs are watched. */
  begin(): void;
  clear(): void;
}

/** `resend` tells all attributes or texts of an element. */
export function createSheets(
  kit: Kit,
  resend: (element: Element) => void,
  isOver: () => boolean,
  load: () => Promise<Late>,
): Sheets {
  const { mirror, masking, report, shows, safely } = kit.scene;
  let sources: Sources | undefined;
  /** The sheet of a link that the replayer has. */
  let told = new NativeWeakMap<Node, CSSStyleSheet | null>();
  const changed = new NativeWeakSet<object>();
  /** Those whose sheet is switched off, as the replayer knows. */
  const off = new NativeSet<Element>();
  /** Sheets whose source says more than their rules do. */
  const isBetter = new NativeWeakSet<object>();
  /** Programs may have changed any sheet. */
  let isUnknown = true;

  const want = (href: string, then: () => void): void => {
    const ask = safely(({ createSources }: Late) => {
      sources ??= createSources(kit, isOver);
      sources.want(href, then);
    });
    load().then(ask, () => {});
  };

  const resolver =
    (base: string, from: 'page' | 'style' | ''): ((url: string) => string) =>
    (url) => {
      if (!url || url[0] === '#' || /^(data|blob):/i.test(url)) return url;
      try {
        const whole = masking.cleanAddress(new URL(url, base).href);
        if (from) shows(whole, from);
        return whole;
      } catch {
        return url;
      }
    };

  const baseOf = (sheet: CSSStyleSheet | null): string => {
    for (let at = sheet; at; at = at.parentStyleSheet) {
      if (at.href) return at.href;
      if (at.ownerNode) return baseURI(at.ownerNode as Node);
    }
    return baseURI(document);
  };

  /** Rewrites a text of rules; imports become what they import, in one rule, as the import is one. */
  function whole(
    css: string,
    base: string,
    sheet: CSSStyleSheet | null,
    owner: Element,
    from: 'style' | '' = 'style',
  ): string {
    const rules = rulesOf(sheet) as CSSImportRule[];
    return rewriteCss(css, resolver(base, from), (url, condition) => {
      const at = rules.findIndex((rule) => !isNoImport(rule) && rule.href === url);
      const rule = at < 0 ? undefined : rules.splice(at, 1)[0];
      const inner = textOf(rule?.styleSheet ?? null, resolver(base, '')(url), owner);
      // Nobody may look into a sheet of another origin, but perhaps read it.
      if (!rule) return sources?.imported(inner, condition) ?? '@media all{}';
      // Where `supports` does not hold, no sheet is loaded.
      const { layerName, media } = rule;
      return `@media ${media.mediaText || 'all'}{${layerName == null ? inner : `@layer ${layerName}{${inner}}`}}`;
    });
  }

  /** The text of a sheet that is loaded; empty when only its source could tell, and is not there. */
  function textOf(sheet: CSSStyleSheet | null, href: string | null, owner: Element): string {
    const source = href ? sources?.get(href) : undefined;
    const canRead = isReadable(sheet);
    if (source && !canRead) {
      sources!.note(href!, () => madeOf(source) ?? [], owner, resolver(href!, ''));
      return whole(source, href!, sheet, owner, '');
    }
    if (source && isBetter.has(sheet!)) return whole(source, href!, sheet, owner);
    if (canRead) return whole(rulesOf(sheet).map(cssText).join('\n'), baseOf(sheet), sheet, owner);
    if (href)
      want(
        href,
        safely(() => resend(owner)),
      );
    return '';
  }

  /** Where the rules of a sheet do not say all that its source says, the source is wanted. */
  function improve(sheet: CSSStyleSheet, owner: Element): void {
    const { href } = sheet;
    if (!href || !isReadable(sheet) || isBetter.has(sheet)) return;
    const rules = rulesOf(sheet).map(cssText);
    if (!isLossy(rules)) return;
    const use = safely((): void => {
      // Only while no program has changed the rules.
      const source = parse(sources?.get(href));
      if (changed.has(sheet) || !source || source.join() !== rulesOf(sheet).filter(isNoImport).map(cssText).join())
        return;
      isBetter.add(sheet);
      resend(owner);
    });
    sources?.get(href) ? use() : want(href, use);
  }

  const sheetOf = (owner: Element): CSSStyleSheet | null => (owner as Owner).sheet ?? null;
  const isOff = (owner: Element): boolean =>
    !!sheetOf(owner)?.disabled || (nameOf(owner) === 'link' && getAttribute(owner, 'disabled') !== null);

  function switched(owner: Element): void {
    if (mirror.has(owner) && isOff(owner) !== off.has(owner))
      report(Source.Mutation, attributeChange(mirror.id(owner), { rr_disabled: noteOff(owner) }));
  }

  function noteOff(owner: Element): true | null {
    if (isOff(owner)) return off.add(owner) && true;
    off.delete(owner);
    return null;
  }

  return {
    switched,
    check: () => off.forEach((owner) => (mirror.has(owner) ? switched(owner) : off.delete(owner))),
    inlineStyle: (css, element, isMasked) =>
      css.includes('(') ? rewriteCss(css, resolver(baseURI(element), isMasked ? '' : 'page')) : css,
    rule: (css, sheet) => rewriteCss(css, resolver(baseOf(sheet), 'style')),
    styleText(node, style) {
      if (node !== firstText(style)) return '';
      return whole(textContent(style), baseURI(style), sheetOf(style), style);
    },
    stateOf(owner) {
      const sheet = sheetOf(owner);
      const state: Record<string, unknown> = noteOff(owner) ? { rr_disabled: true } : {};
      if (nameOf(owner) === 'link') {
        told.set(owner, sheet);
        const text = sheet && textOf(sheet, sheet.href, owner);
        if (text) state._cssText = text;
        if (sheet) whenIdle(safely(() => improve(sheet, owner)));
      }
      return state;
    },
    link(link) {
      if (!mirror.has(link)) return;
      const sheet = sheetOf(link);
      const before = told.get(link);
      if (sheet) {
        if (sheet !== before) resend(link);
      } else if (before) {
        told.set(link, null);
        // A sheet without rules; without any text, rrweb's replayer would load the link.
        report(Source.Mutation, attributeChange(mirror.id(link), { _cssText: ' ', rr_disabled: noteOff(link) }));
      }
    },
    style(style) {
      const sheet = sheetOf(style);
      if (!sheet || !(isUnknown || changed.has(sheet)) || !mirror.has(style)) return;
      const change = difference(parse(textContent(style)) ?? [], rulesOf(sheet));
      if (!change) return;
      changed.add(sheet);
      const adds = change.adds.map(({ rule, index }) => ({
        rule: rewriteCss(rule, resolver(baseOf(sheet), 'style')),
        index,
      }));
      if (change.removes.length) report(Source.StyleRule, { id: mirror.id(style), removes: change.removes });
      if (adds.length) report(Source.StyleRule, { id: mirror.id(style), adds });
    },
    touched(sheet) {
      if (!sheet) return;
      changed.add(sheet);
      isBetter.delete(sheet);
    },
    begin: () => (isUnknown = false),
    clear() {
      told = new NativeWeakMap();
      off.clear();
    },
  };
}

function isReadable(sheet: CSSStyleSheet | null): boolean {
  try {
    return !!sheet && !!cssRules(sheet);
  } catch {
    return false; // Of another origin.
  }
}

export function rulesOf(sheet: CSSStyleSheet | null): CSSRule[] {
  return isReadable(sheet) ? [...(cssRules(sheet!) as any)] : [];
}

function isNoImport(rule: CSSRule): boolean {
  return rule.type !== 3;
}

function firstText(style: Element): Node | null {
  let child = firstChild(style);
  while (child && nodeType(child) !== 3) child = nextSibling(child);
  return child;
}

/** The rules that a text makes, imports left out, as the browser writes them; undefined when it cannot be tried. */
function parse(css: string | undefined): string[] | undefined {
  return madeOf(css)?.map(cssText);
}

function madeOf(css: string | undefined): CSSRule[] | undefined {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css!);
    return rulesOf(sheet);
  } catch {
    return undefined;
  }
}

/**
 * Whether rules mean something else when they are read again: a shorthand with a variable loses what it held, and numbers
 * are cut to six digits, which moves the lines of text.
 */
export function isLossy(rules: string[]): boolean {
  return (
    rules.some((rule) => /: ;|line-height: (calc\()?[\d.]{7}/.test(rule)) ||
    parse(rules.join('\n'))?.join() !== rules.join()
  );
}

/** What makes `own` rules out of the `live` ones; undefined when nothing has to be done. */
function difference(
  own: string[],
  live: CSSRule[],
): { adds: { rule: string; index: number }[]; removes: { index: number }[] } | undefined {
  const texts = live.map(cssText);
  let next = 0;
  let adds: { rule: string; index: number }[] = [];
  live.forEach((rule, index) => {
    if (!isNoImport(rule)) return;
    if (texts[index] === own[next]) next++;
    else adds.push({ rule: texts[index]!, index });
  });
  if (next === own.length) return adds.length ? { adds, removes: [] } : undefined;
  // Rules are gone or changed: all are told again.
  const first = live.filter((rule) => !isNoImport(rule)).length;
  adds = texts.slice(first).map((rule, i) => ({ rule, index: first + i }));
  return { adds, removes: own.map(() => ({ index: first })) };
}
