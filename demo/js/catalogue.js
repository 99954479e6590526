// What the shop has. `hue` and `chroma` colour the picture.

/** Prices in euros. */
export const PRODUCTS = [
  { id: 'brass-lamp', name: 'Brass lamp', price: 129, kind: 'Light', hue: 38, stock: 7, text: 'A spun shade, a weighted foot, and a switch that clicks the way switches used to.' },
  { id: 'copper-kettle', name: 'Copper kettle', price: 89, kind: 'Kitchen', hue: 18, stock: 12, text: 'Boils a litre in four minutes and sings when it is done. Tinned inside, bright outside.' },
  { id: 'glass-marble', name: 'Storm marble', price: 24, kind: 'Small things', hue: 205, stock: 31, text: 'Blown by hand in Lauscha, one at a time. No two have the same weather in them.' },
  { id: 'silver-whistle', name: 'Silver whistle', price: 42, kind: 'Small things', hue: 215, chroma: 0.25, stock: 9, text: 'Two tones, heard across a valley. Comes with a cord and good manners.' },
  { id: 'pocket-mirror', name: 'Pocket mirror', price: 35, kind: 'Small things', hue: 340, chroma: 0.5, stock: 18, text: 'Folds flat, closes with a snap, and is honest in any light.' },
  { id: 'walnut-radio', name: 'Walnut radio', price: 219, kind: 'Sound', hue: 28, stock: 4, text: 'Oiled walnut, one loudspeaker, one big dial. Long wave included, out of stubbornness.' },
  { id: 'enamel-mug', name: 'Enamel mug', price: 18, kind: 'Kitchen', hue: 160, stock: 40, text: 'Survives camp fires, dishwashers and siblings. Chips with dignity.' },
  { id: 'wool-blanket', name: 'Wool blanket', price: 149, kind: 'Home', hue: 85, chroma: 0.6, stock: 6, text: 'Woven in the Allgäu from undyed wool. The one thing here that does not shine.' },
];

export const KINDS = ['All', ...new Set(PRODUCTS.map(({ kind }) => kind))];

export function productOf(id) {
  return PRODUCTS.find((product) => product.id === id);
}

export function euros(amount) {
  return amount.toLocaleString('en', { style: 'currency', currency: 'EUR' });
}
