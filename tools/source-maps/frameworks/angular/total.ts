export interface Cart {
  items: { price: { amount: number } }[];
}

/** Of a cart with an item that has no price, there is no total. */
export function totalOf(cart: Cart): number {
  let total = 0;
  for (const item of cart.items) total += item.price.amount;
  return total;
}
