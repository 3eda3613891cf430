/** Starts the app. Order matters for the first paint: draw first, ask who is signed in afterwards. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startInbox } from './state/inbox.ts';
import { startOnline } from './state/page.ts';
import { startPreferences } from './state/preferences.ts';
import { loadMe } from './state/session.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/fields.css';
import './styles/nav.css';
import './styles/overlay.css';
import './styles/player.css';
import './styles/rail.css';
import './styles/feed.css';

startPreferences();
startOnline();
startInbox();
const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
root.textContent = '';
render(<App />, root);
void loadMe();
