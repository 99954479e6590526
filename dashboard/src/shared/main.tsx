/** The page of a public link: the player alone. It needs no sign-in, and knows only what the link shows. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SharedPage } from './page';
import '../ui/theme.css';
import '../ui/controls.css';
import '../session/session.css';
import './shared.css';

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <SharedPage />
    </StrictMode>,
  );
// Another link in the same tab is another recording.
window.addEventListener('hashchange', () => window.location.reload());
