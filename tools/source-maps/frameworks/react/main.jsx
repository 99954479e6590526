import { createRoot } from 'react-dom/client';
import { Shop } from './shop.jsx';

// What sdk/README.md says for React; `captured` stands for `captureException`.
const onUncaughtError = (error) => captured(error);

createRoot(document.body.appendChild(document.createElement('div')), { onUncaughtError }).render(
  <Shop cart={{ items: [{ price: { amount: 1 } }, {}] }} />,
);
