/** What is known of the nodes of a window from the events before: changes name a node only by its id. */
import type { Size } from './assets';

/** A style sheet that is an element. In the replay it has no children: all of its text is in one place. */
export interface Sheet {
  /** Ids of its texts, in order, and what each says. */
  order: number[];
  texts: Map<number, string>;
  media: string | undefined;
  isDisabled: boolean;
  /** Attributes that have changed since it was built. */
  changed: Record<string, unknown>;
}

export interface Picture {
  address: string | undefined;
  size: Size | undefined;
  /** There was an address, and no picture. */
  isBroken: boolean;
}

export class Memory {
  /** The address of the page that is shown, without its fragment. */
  page = '';
  /** Names of the elements, in lower case. */
  readonly tags = new Map<number, string>();
  readonly sheets = new Map<number, Sheet>();
  readonly pictures = new Map<number, Picture>();
  /** Which sheet a text belongs to. */
  readonly sheetOf = new Map<number, number>();
  /** Texts that belong to no sheet. */
  readonly plainTexts = new Set<number>();

  /** A full snapshot names everything again. */
  reset(): void {
    for (const known of [this.tags, this.sheets, this.pictures, this.sheetOf, this.plainTexts]) known.clear();
  }
}

export const newSheet = (): Sheet => ({
  order: [],
  texts: new Map(),
  media: undefined,
  isDisabled: false,
  changed: {},
});

/** All of a sheet's text; undefined when it has none of its own. */
export function sheetText({ order, texts }: Sheet): string {
  return order.map((id) => texts.get(id) ?? '').join('');
}
