// A line about what others do. The page changes by itself, which keeps no session open.
import { PRODUCTS } from './catalogue.js';

const WHO = ['Somebody in Bergen', 'A visitor from Porto', 'Somebody in Kraków', 'A reader in Leeds', 'Somebody in Graz'];
const EVERY_MS = 4_000;

export function startTicker(element) {
  let turn = 0;
  const tell = () => {
    const product = PRODUCTS[(turn * 3) % PRODUCTS.length];
    element.textContent = `${WHO[turn % WHO.length]} is looking at the ${product.name.toLowerCase()}.`;
    for (const stock of document.querySelectorAll(`[data-stock="${product.id}"]`)) stock.textContent = `${product.stock} left, ${1 + (turn % 4)} looking`;
    turn++;
  };
  tell();
  setInterval(tell, EVERY_MS);
}
