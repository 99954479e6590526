/** Elements that the page had in the top layer. Dialogs are the replayer's business, the rest is done here. */

export class TopLayer {
  private readonly elements = new Set<HTMLElement>();

  add(element: HTMLElement): void {
    this.elements.add(element);
  }

  /** Opens and closes what the recording says. The order is that in which they were named. */
  show(): void {
    for (const element of this.elements) {
      if (!element.isConnected) {
        this.elements.delete(element);
        continue;
      }
      const mode = element.getAttribute('rr_open_mode');
      if (element.localName === 'dialog' && element.popover === null) showDialog(element as HTMLDialogElement, mode);
      else showPopover(element, mode === 'popover');
    }
  }
}

function showPopover(element: HTMLElement, isOpen: boolean): void {
  if (element.popover === null || element.matches(':popover-open') === isOpen) return;
  try {
    if (isOpen) element.showPopover();
    else element.hidePopover();
  } catch {
    // One that cannot be shown costs itself only.
  }
}

function showDialog(dialog: HTMLDialogElement, mode: string | null): void {
  const isModal = mode === 'modal' && dialog.hasAttribute('open');
  if (dialog.matches(':modal') === isModal) return;
  try {
    const isOpen = dialog.hasAttribute('open');
    // Closing does not take it out of the top layer when the attribute went first.
    dialog.setAttribute('open', '');
    dialog.close();
    if (isModal) dialog.showModal();
    else if (isOpen) dialog.show();
  } catch {
    // As above.
  }
}
