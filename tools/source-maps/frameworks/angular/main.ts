import { ErrorHandler } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { Shop } from './shop';

/** Of the page around; it stands for `captureException`. */
declare const captured: (error: unknown) => void;

// What docs/source-maps.md says for Angular.
class Reporter extends ErrorHandler {
  override handleError(error: unknown): void {
    captured(error);
    super.handleError(error);
  }
}

document.body.appendChild(document.createElement('shop-root'));
bootstrapApplication(Shop, {
  providers: [{ provide: ErrorHandler, useClass: Reporter }],
}).catch((error: unknown) => console.error(error));
