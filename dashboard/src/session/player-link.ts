/** The app's end of the talk with the player's document. */
import type { FromPlayer, ToPlayer } from '../player/protocol';

export class PlayerLink {
  private isReady = false;
  private waiting: ToPlayer[] = [];
  private readonly listener: (event: MessageEvent) => void;

  constructor(
    private readonly frame: HTMLIFrameElement,
    heard: (message: FromPlayer) => void,
  ) {
    this.listener = (event: MessageEvent<FromPlayer>) => {
      if (event.source !== frame.contentWindow || event.origin !== window.location.origin) return;
      if (event.data.type === 'ready') this.open();
      heard(event.data);
    };
    window.addEventListener('message', this.listener);
  }

  send(message: ToPlayer): void {
    if (this.isReady) this.frame.contentWindow?.postMessage(message, window.location.origin);
    else this.waiting.push(message);
  }

  close(): void {
    window.removeEventListener('message', this.listener);
  }

  private open(): void {
    this.isReady = true;
    for (const message of this.waiting.splice(0)) this.send(message);
  }
}
