import { showCount } from './cart.js';
import { startChat } from './chat.js';
import { applyConsent } from './consent.js';
import { validated } from './form.js';

showCount();
startChat();
applyConsent();
const form = document.getElementById('contact');
validated(form, () => {
  window.crow?.track('contact_sent');
  form.outerHTML = '<p class="card done">Thank you. A crow is on its way.</p>';
});
