import { createApp } from 'vue';
import Shop from './Shop.vue';

const cart = { items: [{ price: { amount: 1 } }, {}] };
// Vue cannot show what refers to itself.
cart.items[1].cart = cart;
const app = createApp(Shop, { cart });
// What sdk/README.md says for Vue; `captured` stands for `captureException`.
app.config.errorHandler = (error) => captured(error);
app.mount(document.body.appendChild(document.createElement('div')));
