import {
  allIn,
  closest,
  getAttribute,
  isChecked,
  isIndeterminate,
  isSelected,
  nameOf,
  NativeSet,
  NativeWeakMap,
  rootOf,
  valueOf,
} from './natives';
import { patchProperty } from './patch';
import { Source } from './wire';
import { attributeChange, type Scene } from './scene';

/** The state of fields: what they hold, whatever changed it. */
export interface Fields {
  /** What a field shows, as attributes of a node. */
  stateOf(field: Element): Record<string, unknown>;
  /** The person has changed a field, or a program acts as if. */
  input(field: Element, isByPerson: boolean): void;
  /** Tells what has changed without an event. */
  check(): void;
  /** The options around a node have changed, and with them, in the replay, what is chosen. */
  forget(node: Node): void;
  /** Sees the programs of a window. */
  watch(page: Window & typeof globalThis): void;
  clear(): void;
}

interface State {
  text: string;
  isChecked: boolean;
  isBetween?: boolean;
}

export function isField(node: Node): node is Element {
  return /^(input|textarea|select)$/.test(nameOf(node));
}

export function watchFields({ mirror, masking, safely, catchUp, report, undo }: Scene): Fields {
  const known = new NativeSet<Element>();
  /** What the replayer has, as JSON. */
  let told = new NativeWeakMap<Element, string>();

  const isChoice = (field: Element): boolean =>
    /^(radio|checkbox)$/.test((field as HTMLInputElement).type) && nameOf(field) === 'input';

  /** The options of a field in which several may be chosen, and which shows them. */
  const choices = (field: Element): Element[] | false =>
    (field as HTMLSelectElement).type === 'select-multiple' &&
    masking.hideValue(field, 'x') === 'x' &&
    allIn(field, 'option');

  function stateNow(field: Element): State {
    const options = choices(field);
    if (options)
      return { text: options.map((option) => +isSelected(option as HTMLOptionElement)).join(''), isChecked: false };
    if (isChoice(field)) {
      const input = field as HTMLInputElement;
      return { text: 'on', isChecked: isChecked(input), ...(isIndeterminate(input) && { isBetween: true }) };
    }
    const value = valueOf(field);
    const text = masking.hideValue(field, value);
    // Which option is chosen is hidden, too; the first one looks like any.
    const isHiddenChoice = nameOf(field) === 'select' && text !== value;
    return { text: isHiddenChoice ? firstOption(field) : text, isChecked: false };
  }

  /** The value of the first option, as the replayer has it. */
  function firstOption(field: Element): string {
    const [option] = allIn(field, 'option') as HTMLOptionElement[];
    if (!option) return '';
    return masking.isMasked(option) && getAttribute(option, 'value') !== null
      ? '*'
      : masking.hideText(option.value, masking.isMasked(option));
  }

  /** Notes the state; whether it is another than the replayer has. */
  function learn(field: Element, state: State): boolean {
    const json = [state.text, state.isChecked, state.isBetween].join('\n');
    if (told.get(field) === json) return false;
    told.set(field, json);
    known.add(field);
    return true;
  }

  function tell(field: Element, isByPerson: boolean): void {
    const id = mirror.id(field);
    if (!id || masking.isIgnored(field)) return;
    const state = stateNow(field);
    const { isBetween, ...wire } = state;
    const before = told.get(field);
    if (!learn(field, state) && !isByPerson) return;
    const options = choices(field);
    if (options) {
      // A value of it says only one. Before it was told anything, what is an attribute counts.
      const attributes = options
        .filter((option) => mirror.has(option))
        .map((option) => ({
          id: mirror.id(option),
          attributes: { selected: isSelected(option as HTMLOptionElement) ? '' : null },
        }));
      return report(Source.Mutation, { texts: [], removes: [], adds: [], attributes }, isByPerson);
    }
    report(Source.Input, { id, ...wire, ...(isByPerson && { userTriggered: true }) }, isByPerson);
    if (isBetween || before?.endsWith('true')) {
      report(Source.Mutation, attributeChange(id, { rr_indeterminate: isBetween ?? null }));
    }
  }

  /** The others of its group have changed without an event. */
  function tellGroup(field: Element): void {
    const { type, name } = field as HTMLInputElement;
    if (type !== 'radio' || !name || !isChecked(field as HTMLInputElement)) return;
    for (const other of allIn(rootOf(field), `input[type=radio][name="${CSS.escape(name)}"]`)) {
      if (other !== field) tell(other, false);
    }
  }

  const onSet = safely((field: Element) => {
    if (!mirror.has(field)) return;
    catchUp();
    tell(field, false);
    tellGroup(field);
  });

  function check(): void {
    for (const field of known) mirror.has(field) ? tell(field, false) : known.delete(field);
  }

  return {
    stateOf(field) {
      const state = stateNow(field);
      learn(field, state);
      // No option says that none is chosen, so it is told afterwards.
      if (nameOf(field) === 'select' && !state.text) told.delete(field);
      if (isChoice(field))
        return { ...(state.isChecked && { checked: true }), ...(state.isBetween && { rr_indeterminate: true }) };
      const isPlain =
        nameOf(field) === 'select' ||
        (nameOf(field) === 'input' && !state.text && getAttribute(field, 'value') === null);
      return isPlain ? {} : { value: state.text };
    },
    input(field, isByPerson) {
      tell(field, isByPerson);
      tellGroup(field);
    },
    check,
    forget(node) {
      const select = /^(select|opt)/.test(nameOf(node)) && closest(node as Element, 'select');
      if (select) told.delete(select);
    },
    watch(page) {
      for (const Field of [page.HTMLInputElement, page.HTMLTextAreaElement, page.HTMLSelectElement]) {
        for (const name of ['value', 'checked', 'selectedIndex', 'indeterminate'])
          undo.push(patchProperty(Field.prototype, name, onSet));
      }
      undo.push(
        patchProperty(page.HTMLOptionElement.prototype, 'selected', (option: HTMLOptionElement) =>
          onSet(closest(option, 'select')!),
        ),
      );
    },
    clear: () => {
      told = new NativeWeakMap();
      known.clear();
    },
  };
}

/** Whether an option is chosen, and may be seen to be. */
export function isShownAsSelected(option: Element, { masking }: Scene): boolean {
  const select = closest(option, 'select');
  return !!select && isSelected(option as HTMLOptionElement) && masking.hideValue(select, 'x') === 'x';
}
