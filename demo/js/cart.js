// What is in the cart; outlives pages.
import { productOf } from './catalogue.js';

const KEY = 'shop_cart';

/** Quantities by product. */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(cart) {
  localStorage.setItem(KEY, JSON.stringify(cart));
  showCount();
}

export function lines() {
  const cart = read();
  return Object.keys(cart)
    .filter((id) => productOf(id))
    .map((id) => ({ product: productOf(id), quantity: cart[id] }));
}

export function add(id, quantity = 1) {
  const cart = read();
  setQuantity(id, (cart[id] ?? 0) + quantity);
}

export function setQuantity(id, quantity) {
  const cart = read();
  cart[id] = Math.max(0, quantity);
  if (!cart[id]) delete cart[id];
  write(cart);
}

export function empty() {
  write({});
}

export function total() {
  return lines().reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}

export function showCount() {
  const count = lines().reduce((sum, { quantity }) => sum + quantity, 0);
  const badge = document.getElementById('cart-count');
  badge.textContent = count;
  badge.classList.toggle('some', count > 0);
}
