/** Of a cart with an item that has no price, there is no total. */
export function totalOf(cart) {
  let total = 0;
  for (const item of cart.items) total += item.price.amount;
  return total;
}
