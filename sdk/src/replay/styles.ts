import { patchMethod, patchSetter } from './patch';
import { rulesOf } from './serialize';
import { Source } from './wire';
import { hostOf, type Mirror } from './mirror';

type Emit = (source: number, data: object) => void;

/** Style sheets that are changed by programs. */
export interface Styles {
  /** Tells which sheets a document or a shadow root has adopted. */
  adopted(root: Document | ShadowRoot): void;
  /** Sees the programs of a window. */
  watch(page: Window & typeof globalThis): void;
  stop(): void;
  clear(): void;
}

export function watchStyles(mirror: Mirror, guard: <A extends unknown[]>(run: (...args: A) => void) => (...args: A) => void, emit: Emit): Styles {
  let ids = new WeakMap<CSSStyleSheet, number>();
  let count = 0;

  const adopted = guard((root: Document | ShadowRoot) => {
    const id = mirror.id(hostOf(root) ?? root);
    if (!id) return;
    const styles: object[] = [];
    const styleIds = (root.adoptedStyleSheets ?? []).map((sheet) => {
      if (!ids.has(sheet)) {
        ids.set(sheet, ++count);
        styles.push({ styleId: count, rules: rulesOf(sheet).map((rule, index) => ({ rule, index })) });
      }
      return ids.get(sheet);
    });
    emit(Source.AdoptedStyles, { id, styleIds, ...(styles.length && { styles }) });
  });

  /** How the replayer finds a sheet. */
  const place = (sheet: CSSStyleSheet | null): object | undefined => {
    const id = mirror.id(sheet?.ownerNode as Node | null);
    const styleId = sheet && ids.get(sheet);
    return id || styleId ? (id ? { id } : { styleId }) : undefined;
  };
  const tell = (source: number, sheet: CSSStyleSheet | null, change: object): void => {
    const where = place(sheet);
    if (where) emit(source, { ...where, ...change });
  };
  const nested = (rule: CSSRule, index: number): number[] => [...pathOf(rule), index];

  const undo: (() => void)[] = [];
  const watch = ({ CSSStyleSheet: Sheet, CSSStyleDeclaration: Declaration, CSSGroupingRule, CSSStyleRule, Document, ShadowRoot }: typeof globalThis): void => {
    undo.push(
      patchMethod(Sheet.prototype, 'insertRule', guard((sheet, [rule, index = 0]) => tell(Source.StyleRule, sheet, { adds: [{ rule, index }] }))),
      patchMethod(Sheet.prototype, 'deleteRule', guard((sheet, [index]) => tell(Source.StyleRule, sheet, { removes: [{ index }] }))),
      patchMethod(Sheet.prototype, 'replaceSync', guard((sheet, [replaceSync]) => tell(Source.StyleRule, sheet, { replaceSync }))),
      patchMethod(Sheet.prototype, 'replace', guard((sheet, [replace]) => tell(Source.StyleRule, sheet, { replace }))),
      patchMethod(Declaration.prototype, 'setProperty', guard(({ parentRule }, [property, value, priority]) => {
        if (parentRule) tell(Source.StyleDeclaration, parentRule.parentStyleSheet, { set: { property, value, priority }, index: pathOf(parentRule) });
      })),
      patchMethod(Declaration.prototype, 'removeProperty', guard(({ parentRule }, [property]) => {
        if (parentRule) tell(Source.StyleDeclaration, parentRule.parentStyleSheet, { remove: { property }, index: pathOf(parentRule) });
      })),
      patchSetter(Document.prototype, 'adoptedStyleSheets', adopted),
      patchSetter(ShadowRoot.prototype, 'adoptedStyleSheets', adopted),
    );
    // Groups such as `@media`, and rules with rules nested in them.
    for (const Outer of [CSSGroupingRule, CSSStyleRule]) {
      undo.push(
        patchMethod(Outer?.prototype, 'insertRule', guard((rule, [text, index = 0]) => tell(Source.StyleRule, rule.parentStyleSheet, { adds: [{ rule: text, index: nested(rule, index) }] }))),
        patchMethod(Outer?.prototype, 'deleteRule', guard((rule, [index]) => tell(Source.StyleRule, rule.parentStyleSheet, { removes: [{ index: nested(rule, index) }] }))),
      );
    }
  };
  return {
    watch,
    adopted(root) {
      if (root.adoptedStyleSheets?.length) adopted(root);
    },
    stop: () => undo.forEach((run) => run()),
    clear: () => (ids = new WeakMap()),
  };
}

/** Where a rule is in its sheet, from the outermost group. */
function pathOf(rule: CSSRule): number[] {
  const path: number[] = [];
  for (let at: CSSRule | null = rule; at; at = at.parentRule) {
    const rules = ((at.parentRule as CSSGroupingRule | null) ?? at.parentStyleSheet)?.cssRules;
    path.unshift(Array.prototype.indexOf.call(rules ?? [], at));
  }
  return path;
}
