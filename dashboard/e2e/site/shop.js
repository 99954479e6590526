const LAMPS = [
  ['Bow lamp', 189, '#e9b44c'],
  ['Pebble', 89, '#9b7ede'],
  ['Harbour', 249, '#50a2a7'],
  ['Moth', 129, '#d5573b'],
  ['Reed', 159, '#7fb069'],
  ['Night owl', 99, '#5b6c9d'],
];
const page = document.getElementById('page');
const lamp = (color, size = 150) =>
  `<svg width="${size}" height="${size}" viewBox="0 0 100 100"><circle cx="50" cy="34" r="30" fill="${color}" opacity=".22"/><path d="M32 44 42 18h16l10 26z" fill="${color}"/><path d="M50 44v40M34 86h32" stroke="#4a3728" stroke-width="4" stroke-linecap="round"/></svg>`;

function show() {
  const path = location.pathname;
  if (path === '/product') {
    page.innerHTML = `<section class="product">${lamp(LAMPS[0][2], 340)}<div><h1>Bow lamp</h1><p>A warm arc over your table. Turned from one piece of oak, with a shade of paper that lasts.</p><p class="price">189 €</p><button id="add">Add to cart</button><label>Write to us <input name="note" placeholder="A question?" /></label></div></section>`;
    document.getElementById('add').onclick = () => {
      document.getElementById('count').textContent++;
      document.getElementById('add').textContent = 'In your cart';
    };
  } else if (path === '/cart') {
    page.innerHTML = `<section class="cart"><h1>Your cart</h1><p>Bow lamp <b>189 €</b></p><label>Name <input name="name" /></label><label>Card number <input name="card" /></label><button id="buy">Buy now</button></section>`;
    document.getElementById('buy').onclick = () => {
      window.crow?.track?.('bought', { amount: 189 });
      page.innerHTML = '<section class="cart"><h1>Thank you!</h1><p>Your lamp is on its way.</p></section>';
    };
  } else {
    page.innerHTML = `<section class="hero"><h1>Light that stays</h1><p>Six lamps. No more, since each of them took a year.</p></section><section class="lamps">${LAMPS.map(([name, price, color]) => `<a href="/product">${lamp(color)}<b>${name}</b><span>${price} €</span></a>`).join('')}</section>`;
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/"]');
  if (!link) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  scrollTo(0, 0);
  show();
});
addEventListener('popstate', show);
show();
