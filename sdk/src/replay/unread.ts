import type { Kit } from './scene';

const CHECK_EVERY_MS = 3_000;
/** Frameworks have a rule for each flag of the world. */
const MAX_RULES = 10_000;
/** So many are looked for at once. */
const AT_ONCE = 300;
const FONT = /\.(woff2?|ttf|otf)(?=[?#]|$)/i;

/**
 * What the page shows of sheets that it cannot read. The browser tells no page which of their files it has loaded, so the
 * faces of the page tell of fonts, and the elements that a rule is for tell of its pictures.
 */
export interface Unread {
  /** Takes the rules of a sheet, once for a root. `absolute` makes whole addresses. */
  note(href: string, rules: () => CSSRule[], owner: Element, absolute: (url: string) => string): void;
}

interface Pictures {
  selector: string;
  root: ParentNode;
  urls: string[];
}

export function watchUnread({
  scene,
  cancel,
  cssText,
  later,
  on,
  rootOf,
  whenIdle,
  rewriteCss,
  NativeMap,
  NativeSet,
  NativeWeakMap,
}: Kit): Unread {
  const { shows, safely, undo } = scene;
  const faces = new NativeMap<string, string>();
  const seen = new NativeWeakMap<Node, Set<string>>();
  const pictures: Pictures[] = [];
  /** How many of them, at the front, were not looked for yet. */
  let unchecked = 0;
  let timer: number | undefined;
  const { fonts } = document;

  const checkFonts = safely(() => {
    fonts?.forEach(({ status, family, weight, style, unicodeRange }) => {
      const url = status === 'loaded' && faces.get(keyOf(family, weight, style, unicodeRange));
      if (url) shows(url, 'unread');
    });
  });
  const checkPictures = safely(() => {
    const some = pictures.splice(0, AT_ONCE);
    unchecked -= some.length;
    for (const one of some) {
      if (isIn(one.root, one.selector)) one.urls.forEach((url) => shows(url, 'unread'));
      else pictures.push(one);
    }
    timer = pictures.length ? later(() => whenIdle(checkPictures), unchecked > 0 ? 0 : CHECK_EVERY_MS) : undefined;
  });
  if (fonts) undo.push(on(fonts, 'loadingdone', checkFonts));
  undo.push(() => cancel(timer));

  function take(rules: Iterable<CSSRule>, root: ParentNode, absolute: (url: string) => string): void {
    for (const rule of rules) {
      const { style, selectorText, cssRules } = rule as CSSStyleRule;
      if (cssRules) take(cssRules as any, root, absolute);
      const text = cssText(rule);
      if (!style || !text.includes('url(')) continue;
      const urls: string[] = [];
      rewriteCss(text, (url) => (urls.push(absolute(url)), url));
      if (selectorText && pictures.length < MAX_RULES) pictures.push({ selector: selectorText, root, urls });
      else if (rule.type === 5) {
        const of = (name: string): string => style.getPropertyValue(name);
        faces.set(
          keyOf(of('font-family'), of('font-weight'), of('font-style'), of('unicode-range')),
          urls.find((url) => FONT.test(url)) ?? urls[0]!,
        );
      }
    }
  }

  return {
    note(href, rules, owner, absolute) {
      const root = rootOf(owner) as Document;
      const known = seen.get(root) ?? new NativeSet();
      if (known.has(href)) return;
      seen.set(root, known.add(href));
      cancel(timer);
      take(rules(), root, absolute);
      unchecked = pictures.length;
      checkFonts();
      checkPictures();
    },
  };
}

/** Whether a rule is for an element that is there. What the browser wrote has two colons before all parts of an element. */
function isIn(root: ParentNode, selector: string): boolean {
  try {
    return !!root.querySelector(selector.replace(/::[\w-]+/g, ''));
  } catch {
    return true; // Nobody can tell.
  }
}

/** What tells a face from others, however it was written. */
function keyOf(family: string, weight: string, style: string, range: string): string {
  const plain = (value: string, usual: string): string => value.replace(/["'\s]/g, '').toLowerCase() || usual;
  return [
    plain(family, ''),
    plain(weight, 'normal').replace('normal', '400').replace('bold', '700'),
    plain(style, 'normal'),
    plain(range, 'u+0-10ffff'),
  ].join();
}
