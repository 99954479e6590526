import { adoptedBy, cssText, hostOf, mediaList, nameOf, NativeMap, NativeSet, NativeWeakMap } from './natives';
import { patchMethod, patchProperty } from './patch';
import { isLossy, rulesOf, type Sheets } from './sheets';
import { Source } from './wire';
import { attributeChange, type Scene } from './scene';

type Root = Document | ShadowRoot;

/** What programs ask rules for, and then change by hand. */
const LENT = {
  CSSStyleRule: 'style selectorText styleMap',
  CSSNestedDeclarations: 'style',
  CSSMediaRule: 'media',
  CSSKeyframeRule: 'style keyText',
  CSSKeyframesRule: 'name',
  CSSFontFaceRule: 'style',
  CSSPageRule: 'style selectorText',
};

/** Style sheets that are changed by programs. */
export interface Cssom {
  /** The replayer has just built a document or a shadow root: tells which sheets it has adopted, from now on. */
  enter(root: Root): void;
  /** Sees the programs of a window. */
  watch(page: Window & typeof globalThis): void;
  /** Tells what has changed behind things that programs have asked for. */
  settle(): void;
  /** Tells what else has changed without a call that can be seen. */
  check(): void;
  clear(): void;
}

export function watchCssom({ mirror, safely, catchUp, report, undo, stir }: Scene, sheets: Sheets): Cssom {
  let ids = new NativeWeakMap<CSSStyleSheet, number>();
  let count = 0;
  /** The texts that programs have given to sheets, as long as they say what the rules say. */
  const texts = new NativeWeakMap<CSSStyleSheet, string>();
  /** What each root has adopted, as the replayer knows it. */
  const roots = new NativeMap<Root, string>();
  /** Rules that a program has asked for, as they were; it may change them by hand. */
  const lent = new NativeMap<CSSRule, string>();
  /** Sheets whose media a program has asked for, as they were. */
  const lentMedia = new NativeMap<CSSStyleSheet, string>();
  /** Roots whose list of sheets a program has asked for. */
  const lentRoots = new NativeSet<Root>();

  function adopted(root: Root): void {
    const id = mirror.id(hostOf(root) ?? root);
    if (!id) return void roots.delete(root);
    const list = adoptedBy(root).filter(({ disabled }) => !disabled);
    const known = roots.get(root) ?? '';
    const styles: object[] = [];
    const better: object[] = [];
    const styleIds = list.map((sheet) => {
      if (!ids.has(sheet)) {
        ids.set(sheet, ++count);
        const media = mediaOf(sheet);
        let rules = rulesOf(sheet).map(cssText);
        const text = texts.get(sheet);
        if (text && isLossy(rules)) {
          better.push({ styleId: count, replaceSync: sheets.rule(text, sheet) });
          rules = [];
        }
        styles.push({
          styleId: count,
          ...(media && { media }),
          rules: rules.map((rule, index) => ({ rule: sheets.rule(rule, sheet), index })),
        });
      }
      return ids.get(sheet);
    });
    roots.set(root, styleIds.join());
    if (known !== styleIds.join()) report(Source.AdoptedStyles, { id, styleIds, ...(styles.length && { styles }) });
    for (const change of better) report(Source.StyleRule, change);
  }

  /** How the replayer finds a sheet; nothing while it does not have it. */
  const place = (sheet: CSSStyleSheet | null): object | undefined => {
    const id = mirror.id(sheet?.ownerNode as Node | null);
    const styleId = sheet && ids.get(sheet);
    return id ? { id } : styleId ? { styleId } : undefined;
  };

  /** Tells a change; what is not with the replayer yet gets there as it is now. */
  const tell = (sheet: CSSStyleSheet | null, change: () => object, source: number = Source.StyleRule): void => {
    sheets.touched(sheet);
    if (sheet) texts.delete(sheet);
    const where = place(sheet);
    if (!where) return;
    catchUp();
    report(source, { ...where, ...change() });
  };

  const nested = (rule: CSSRule, index: number): number[] => [...pathOf(rule), index];

  /** Tells a rule again as a whole. */
  const renew = (changed: CSSRule): void => {
    const rule = wholeOf(changed);
    if (!rule.parentStyleSheet) return;
    tell(rule.parentStyleSheet, () => {
      const path = pathOf(rule);
      const last = path.pop()!;
      const at = (index: number): number | number[] => (path.length ? [...path, index] : index);
      // The replayer adds before it removes.
      return {
        adds: [{ rule: sheets.rule(cssText(rule), rule.parentStyleSheet), index: at(last) }],
        removes: [{ index: at(last + 1) }],
      };
    });
  };

  const settle = (): void => {
    const [rules, media, lists] = [[...lent], [...lentMedia], [...lentRoots]];
    lent.clear();
    lentMedia.clear();
    lentRoots.clear();
    for (const [rule, before] of rules) if (cssText(rule) !== before) renew(rule);
    for (const [sheet, before] of media) if (mediaOf(sheet) !== before) renewMedia(sheet);
    lists.forEach(adopted);
  };

  const lendList = safely((root: Root) => {
    lentRoots.add(root);
    stir();
  });

  const renewMedia = (sheet: CSSStyleSheet): void => {
    const id = mirror.id(sheet.ownerNode as Node | null);
    if (id) report(Source.Mutation, attributeChange(id, { media: mediaOf(sheet) }));
    // An adopted one is told again, by another number.
    else if (ids.delete(sheet)) for (const root of [...roots.keys()]) adopted(root);
  };

  const lendMedia = safely((sheet: CSSStyleSheet) => {
    if (lentMedia.has(sheet) || !place(sheet)) return;
    lentMedia.set(sheet, mediaOf(sheet));
    stir();
  });

  const lend = safely((asked: CSSRule) => {
    const rule = wholeOf(asked);
    if (lent.has(rule) || !place(rule.parentStyleSheet)) return;
    lent.set(rule, cssText(rule));
    stir();
  });

  const declared = (change: (args: any[]) => object) =>
    safely(({ parentRule }: CSSStyleDeclaration, args: any[]) => {
      if (!parentRule) return;
      // Known by what is told now.
      const isLent = lent.delete(parentRule);
      tell(
        parentRule.parentStyleSheet,
        () => ({ ...change(args), index: pathOf(parentRule) }),
        Source.StyleDeclaration,
      );
      if (isLent) lend(parentRule);
    });

  const setRoot = safely((root: Root) => {
    catchUp();
    adopted(root);
  });

  const setDisabled = safely((owned: CSSStyleSheet | Element) => {
    const owner = (owned as CSSStyleSheet).ownerNode ?? (nameOf(owned as Element) ? (owned as Element) : null);
    stir();
    catchUp();
    if (owner) sheets.switched(owner as Element);
  });

  function watch(page: Window & typeof globalThis): void {
    const {
      CSSStyleSheet: Sheet,
      CSSStyleDeclaration: Declaration,
      StyleSheet: AnySheet,
      CSSGroupingRule,
      CSSStyleRule,
      CSSKeyframesRule,
    } = page;
    const patches: [owner: any, method: string, after: (self: any, args: any[]) => void][] = [
      [
        Sheet,
        'insertRule',
        (sheet, [rule, index = 0]) => tell(sheet, () => ({ adds: [{ rule: sheets.rule(rule, sheet), index }] })),
      ],
      [
        Sheet,
        'addRule',
        (sheet, [, , index = rulesOf(sheet).length - 1]) =>
          tell(sheet, () => ({ adds: [{ rule: sheets.rule(cssText(rulesOf(sheet)[index]!), sheet), index }] })),
      ],
      [Sheet, 'deleteRule', (sheet, [index]) => tell(sheet, () => ({ removes: [{ index }] }))],
      [Sheet, 'removeRule', (sheet, [index = 0]) => tell(sheet, () => ({ removes: [{ index }] }))],
      ...['replaceSync', 'replace'].map((name): (typeof patches)[0] => [
        Sheet,
        name,
        (sheet, [text]) => {
          tell(sheet, () => ({ [name]: sheets.rule(text, sheet) }));
          texts.set(sheet, text);
        },
      ]),
      [Declaration, 'setProperty', declared(([property, value, priority]) => ({ set: { property, value, priority } }))],
      [Declaration, 'removeProperty', declared(([property]) => ({ remove: { property } }))],
      [CSSKeyframesRule, 'appendRule', renew],
      [CSSKeyframesRule, 'deleteRule', renew],
    ];
    // Groups such as `@media`, and rules with rules nested in them, which are groups in some browsers.
    for (const Outer of [CSSGroupingRule, CSSStyleRule]) {
      patches.push(
        [
          Outer,
          'insertRule',
          (rule, [text, index = 0]) =>
            tell(rule.parentStyleSheet, () => ({
              adds: [{ rule: sheets.rule(text, rule.parentStyleSheet), index: nested(rule, index) }],
            })),
        ],
        [
          Outer,
          'deleteRule',
          (rule, [index]) => tell(rule.parentStyleSheet, () => ({ removes: [{ index: nested(rule, index) }] })),
        ],
      );
    }
    for (const [owner, name, after] of patches) undo.push(patchMethod(owner?.prototype, name, safely(after)));
    for (const owner of [page.Document, page.ShadowRoot])
      undo.push(patchProperty(owner?.prototype, 'adoptedStyleSheets', setRoot, lendList));
    for (const owner of [AnySheet, page.HTMLStyleElement])
      undo.push(patchProperty(owner.prototype, 'disabled', setDisabled));
    undo.push(patchProperty(AnySheet.prototype, 'media', safely(renewMedia), lendMedia));
    for (const [owner, names] of Object.entries(LENT)) {
      for (const name of names.split(' '))
        undo.push(patchProperty((page as any)[owner]?.prototype, name, safely(renew), lend));
    }
  }

  return {
    enter(root) {
      roots.delete(root);
      adopted(root);
    },
    watch,
    settle,
    check() {
      settle();
      for (const root of roots.keys()) adopted(root);
    },
    clear() {
      ids = new NativeWeakMap();
      roots.clear();
      lent.clear();
      lentMedia.clear();
      lentRoots.clear();
    },
  };
}

function mediaOf(sheet: CSSStyleSheet): string {
  return mediaList(sheet).mediaText;
}

/** What can be put in the place of a rule: not a part of an animation, nor declarations among rules. */
function wholeOf(rule: CSSRule): CSSRule {
  const { parentRule } = rule;
  return parentRule && (parentRule.type === 7 || !rule.type) ? parentRule : rule;
}

/** Where a rule is in its sheet, from the outermost group. */
function pathOf(rule: CSSRule): number[] {
  const path: number[] = [];
  for (let at: CSSRule | null = rule; at; at = at.parentRule) {
    const rules: CSSRuleList | undefined = ((at.parentRule as CSSGroupingRule | null) ?? at.parentStyleSheet)?.cssRules;
    let index = 0;
    while (rules && index < rules.length && rules[index] !== at) index++;
    path.unshift(index);
  }
  return path;
}
