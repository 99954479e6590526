// The shop: one document whose pages are drawn here, with addresses of their own.
import * as cart from './cart.js';
import { productOf } from './catalogue.js';
import { startChat } from './chat.js';
import { applyConsent } from './consent.js';
import { validated } from './form.js';
import { startTicker } from './ticker.js';
import * as views from './views.js';

const page = document.getElementById('page');
const track = (name, properties) => window.crow?.track(name, properties);

/** Address, title, what draws the page and what makes it work. */
const ROUTES = [
  [/^\/$/, () => 'Corvid Supply', views.home, startCatalogue],
  [/^\/product\/([\w-]+)$/, (id) => productOf(id)?.name, (id) => (productOf(id) ? views.product(productOf(id)) : views.missing()), startProduct],
  [/^\/cart$/, () => 'Cart', views.cart, startCart],
  [/^\/checkout$/, () => 'Check out', views.checkout, startCheckout],
  [/^\/thanks$/, () => 'Thank you', () => views.thanks(history.state ?? {}), startThanks],
];

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || link.target || event.metaKey || event.ctrlKey || /^\/(help|live)/.test(link.getAttribute('href'))) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
addEventListener('popstate', draw);
draw();
cart.showCount();
startChat();
startTicker(document.getElementById('ticker'));
applyConsent();

function go(path, state = null) {
  history.pushState(state, '', path);
  scrollTo(0, 0);
  draw();
}

function draw() {
  for (const [pattern, title, html, start] of ROUTES) {
    const found = pattern.exec(location.pathname);
    if (!found) continue;
    document.title = title(found[1]) ?? 'Corvid Supply';
    page.innerHTML = html(found[1]);
    start(found[1]);
    return;
  }
  page.innerHTML = views.missing();
}

function startCatalogue() {
  const [grid, search, order] = ['grid', 'search', 'order'].map((id) => document.getElementById(id));
  let kind = 'All';
  const redraw = () => (grid.innerHTML = views.cards(kind, search.value, order.value));
  const buttons = page.querySelectorAll('[data-kind]');
  for (const button of buttons) {
    button.onclick = () => {
      kind = button.dataset.kind;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      redraw();
    };
  }
  search.oninput = order.onchange = redraw;
  search.onchange = () => track('search', { results: grid.querySelectorAll('.product').length });
}

function startProduct(id) {
  const item = productOf(id);
  if (!item) return;
  const { name, price, kind } = item;
  window.crow?.product({ id, name, price, kind });
  const button = document.getElementById('add');
  button.onclick = () => {
    cart.add(id);
    track('add_to_cart', { productId: id, price });
    button.textContent = 'In the cart ✓';
    setTimeout(() => (button.textContent = 'Add another'), 1_200);
  };
}

function startCart() {
  for (const line of page.querySelectorAll('[data-line]')) {
    line.onclick = ({ target }) => {
      const change = Number(target.dataset.change);
      if (!change) return;
      const { quantity } = cart.lines().find(({ product }) => product.id === line.dataset.line);
      cart.setQuantity(line.dataset.line, quantity + change);
      track('cart_changed', { productId: line.dataset.line, quantity: quantity + change });
      draw();
    };
  }
}

/** The demo has no such service: people see the usual price, and the recording shows the request and the warning. */
async function askDelivery() {
  const { ok, status } = await fetch('/api/delivery.json?country=FI');
  if (!ok) console.warn('No price for delivery, so the usual one is shown.', { country: 'FI', status });
}

function startCheckout() {
  void askDelivery();
  validated(document.getElementById('checkout'), (fields) => {
    const order = 'C' + (Date.now() % 1_000_000);
    const items = cart.lines().map(({ product, quantity }) => ({ productId: product.id, quantity }));
    // A shop knows its customers by an id, and tells no more than that.
    window.crow?.identify('customer-' + order, { newsletter: fields.has('news') });
    track('purchase_completed', { order, amount: cart.total(), currency: 'EUR', items });
    cart.empty();
    go('/thanks', { order, name: fields.get('name') });
  });
}

/** The name is typed by the person: it is set as text, and masked in the recording. */
function startThanks() {
  const name = page.querySelector('[data-crow-mask]');
  if (name) name.textContent = history.state.name;
}
