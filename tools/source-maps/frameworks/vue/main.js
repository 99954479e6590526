import { createApp } from 'vue';
import Shop from './Shop.vue';

const app = createApp(Shop, { cart: { items: [{ price: { amount: 1 } }, {}] } });
// What sdk/README.md says for Vue; `captured` stands for `captureException`.
app.config.errorHandler = (error) => captured(error);
app.mount(document.body.appendChild(document.createElement('div')));
