/** Prices of a cart. A comment with a brace: { */
const CURRENCY = /^[A-Z]{3}$/;

const priceOf = (item) => {
  const { price } = item;
  return price.amount;
};

export class Cart {
  #items;

  constructor(items, currency = 'EUR') {
    if (!CURRENCY.test(currency)) throw new RangeError(`no currency: ${`{${currency}`}`);
    this.#items = items;
  }

  total() {
    let sum = 0;
    for (const item of this.#items) {
      sum += priceOf(item);
    }
    return sum;
  }
}
