/** The app's side of the messages to the player's document. */
import type { FromPlayer, ToPlayer } from '../player/protocol';
import { findAssets, type AssetPlace } from './assets';

export class PlayerLink {
  private isReady = false;
  private waiting: ToPlayer[] = [];
  private readonly listener: (event: MessageEvent) => void;

  constructor(
    private readonly frame: HTMLIFrameElement,
    heard: (message: FromPlayer) => void,
    /** Where the recording's pictures and fonts are. */
    private readonly assets: AssetPlace,
  ) {
    this.listener = (event: MessageEvent<FromPlayer>) => {
      if (event.source !== frame.contentWindow || event.origin !== window.location.origin) return;
      if (event.data.type === 'ready') this.open();
      if (event.data.type === 'wantAssets') void this.bringAssets(event.data.urls, event.data.at);
      heard(event.data);
    };
    window.addEventListener('message', this.listener);
  }

  /** Bytes that are sent are moved, not copied. */
  send(message: ToPlayer, moved: ArrayBuffer[] = []): void {
    if (this.isReady) this.frame.contentWindow?.postMessage(message, window.location.origin, moved);
    else this.waiting.push(message);
  }

  close(): void {
    window.removeEventListener('message', this.listener);
  }

  private bringAssets(urls: string[], at: number): Promise<void> {
    return findAssets(this.assets, urls, at, (found, missing) =>
      this.send(
        { type: 'assets', found, missing },
        found.map(({ bytes }) => bytes),
      ),
    );
  }

  private open(): void {
    this.isReady = true;
    for (const message of this.waiting.splice(0)) this.send(message);
  }
}
