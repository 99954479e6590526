import { Cart } from './cart.js';

function checkout(order) {
  const cart = new Cart(order.items);
  const total = cart.total();
  return { order, total };
}

const report = ({ items }) => checkout({ items }).total.toFixed(2);

/** The page calls it. Nobody catches what is thrown. */
globalThis.run = (items) => {
  setTimeout(function onTimer() {
    document.title = report({ items });
  }, 0);
};
