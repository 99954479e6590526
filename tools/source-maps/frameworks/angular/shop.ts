import { Component, computed, effect, ElementRef, inject, input, signal } from '@angular/core';
import { type Cart, totalOf } from './total';

@Component({ selector: 'shop-total', template: '<p>{{ total() }}</p>' })
export class Total {
  readonly cart = input.required<Cart>();
  readonly total = computed(() => `${totalOf(this.cart())} EUR`);
}

/** Each button leads to an error in another place. */
@Component({
  selector: 'shop-root',
  imports: [Total],
  template: `
    <main>
      <button id="handler" (click)="pay()">Pay</button>
      <button id="render" (click)="shown.set('total')">Show the total</button>
      <button id="effect" (click)="shown.set('title')">Show it in the title</button>
      <button id="library" (click)="look()">Look for its element</button>
      @if (shown() === 'total') {
        <shop-total [cart]="cart" />
      }
    </main>
  `,
})
export class Shop {
  readonly cart = JSON.parse('{ "items": [{ "price": { "amount": 1 } }, {}] }') as Cart;
  readonly shown = signal('');

  constructor() {
    effect(() => {
      if (this.shown() === 'title') document.title = `Cart ${totalOf(this.cart)}`;
    });
  }

  pay(): void {
    document.title = `Pay ${totalOf(this.cart)}`;
  }

  /** In a handler, Angular cannot say where to look. */
  look(): void {
    const element = inject(ElementRef);
    document.title = String(element.nativeElement);
  }
}
