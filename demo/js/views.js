// The pages as HTML.
import { picture } from './art.js';
import { lines, total } from './cart.js';
import { euros, KINDS, PRODUCTS } from './catalogue.js';

const card = (product) => `<a class="product card" href="/product/${product.id}"
    data-crow-product="${product.id}" data-crow-product-name="${product.name}" data-crow-product-price="${product.price}">
    ${picture(product)}
    <div><h3>${product.name}</h3><b>${euros(product.price)}</b></div>
    <small data-stock="${product.id}">${product.stock} left</small>
  </a>`;

/** The products that a kind and a search leave, in an order. */
export function cards(kind = 'All', search = '', order = 'name') {
  const found = PRODUCTS.filter(
    (product) => (kind === 'All' || product.kind === kind) && `${product.name} ${product.text}`.toLowerCase().includes(search.toLowerCase()),
  );
  if (order !== 'name') found.sort((a, b) => (order === 'cheap' ? a.price - b.price : b.price - a.price));
  return found.map(card).join('') || '<p class="nothing">Nothing of that name has been found, not even by a magpie.</p>';
}

export const home = () => `
  <section class="hero">
    <div><p class="eyebrow">Autumn collection</p><h1>Shiny things,<br />carefully chosen.</h1>
      <p>Eight objects that a crow would carry home, and that you may keep.</p><a class="button primary" href="#catalogue">See them</a></div>
    <div class="hero-art">${picture(PRODUCTS[0])}</div>
  </section>
  <section class="tools" id="catalogue">
    <div class="kinds">${KINDS.map((kind, at) => `<button data-kind="${kind}" aria-pressed="${!at}">${kind}</button>`).join('')}</div>
    <input type="search" id="search" placeholder="Search" aria-label="Search" />
    <select id="order" aria-label="Order"><option value="name">Our order</option><option value="cheap">Cheapest first</option><option value="dear">Dearest first</option></select>
  </section>
  <section class="grid" id="grid">${cards()}</section>`;

export const product = (item) => `
  <p class="crumbs"><a href="/">Shop</a> / ${item.kind}</p>
  <section class="detail">
    <div class="card picture">${picture(item)}</div>
    <div>
      <p class="eyebrow">${item.kind}</p><h1>${item.name}</h1><p class="price">${euros(item.price)}</p><p>${item.text}</p>
      <p class="stock" data-stock="${item.id}">${item.stock} left</p>
      <button class="primary" id="add">Add to cart</button>
      <details><summary>Delivery and returns</summary><p>Posted the same day until four. Thirty days to change your mind.</p></details>
      <details><summary>Care</summary><p>A soft cloth, now and then. Patina is not dirt.</p></details>
    </div>
  </section>
  <h2>Also shiny</h2>
  <section class="grid small">${PRODUCTS.filter(({ id }) => id !== item.id).slice(0, 4).map(card).join('')}</section>`;

const line = ({ product: item, quantity }) => `<li data-line="${item.id}">${picture(item)}
    <a href="/product/${item.id}">${item.name}</a>
    <span class="quantity"><button data-change="-1" aria-label="One less">−</button><output>${quantity}</output><button data-change="1" aria-label="One more">+</button></span>
    <b>${euros(item.price * quantity)}</b></li>`;

export const cart = () => `
  <h1>Your cart</h1>
  ${lines().length
    ? `<ul class="lines card">${lines().map(line).join('')}</ul>
       <p class="sum">Together <b>${euros(total())}</b></p><p class="right"><a class="button primary" href="/checkout">Check out</a></p>`
    : '<p class="nothing">Empty, like a nest in May. <a href="/">Back to the shop</a></p>'}`;

export const checkout = () => `
  <h1>Check out</h1>
  <div class="detail">
    <form id="checkout" class="card form" novalidate>
      <label>Name <input name="name" autocomplete="name" required minlength="2" /></label>
      <label>E-mail <input name="email" type="email" autocomplete="email" required /></label>
      <label>Street and number <input name="street" autocomplete="street-address" required /></label>
      <label>Country <select name="country" required><option value="">Choose</option><option>Austria</option><option>Germany</option><option>Norway</option><option>Portugal</option></select></label>
      <label>Card number <input name="card" autocomplete="cc-number" inputmode="numeric" pattern="[0-9 ]{12,19}" placeholder="4242 4242 4242 4242" required /></label>
      <label class="check"><input name="news" type="checkbox" /> Tell me when something shiny arrives</label>
      <button class="primary">Pay ${euros(total())}</button>
    </form>
    <aside class="card summary"><h3>Your things</h3>${lines().map(({ product: item, quantity }) => `<p><span>${quantity} × ${item.name}</span><b>${euros(item.price * quantity)}</b></p>`).join('')}
      <p class="sum"><span>Together</span><b>${euros(total())}</b></p></aside>
  </div>`;

export const thanks = ({ order, name }) => `
  <section class="card done"><p class="eyebrow">Order ${order ?? ''}</p><h1>Thank you${name ? `, <span data-crow-mask></span>` : ''}.</h1>
  <p>It leaves our nest today. Meanwhile, nothing was charged: this is a demo.</p><a class="button" href="/">Back to the shop</a></section>`;

export const missing = () => '<section class="card done"><h1>Nothing here</h1><p>A crow may have taken it.</p><a class="button" href="/">Back to the shop</a></section>';
