/** The dashboard: a page that shows one node, live, and at /room one that shows the whole network as the node sees it. */
import { render } from 'preact';
import { Dashboard } from './model/dashboard.js';
import { Room } from './model/room.js';
import { Settings } from './model/settings.js';
import './style/app.css';
import { takeTokenFromAddress } from './token.js';
import { Page } from './view/page.js';

const root = document.querySelector('#app') as HTMLElement;
let frame = 0;

/** Draws once a frame, however much has changed; not at all while nobody looks. */
function changed(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(<Page dashboard={dashboard} settings={settings} room={room} />, root);
}

/** Where the token is refused, or the node away, the page says so when it asks. */
async function signInByAddress(): Promise<void> {
  const token = takeTokenFromAddress();
  if (token !== undefined) await dashboard.signIn(token).catch(() => {});
}

const settings = new Settings(changed);
const dashboard = new Dashboard(changed);
const room = location.pathname === '/room' ? new Room(changed) : undefined;
draw();
// Pasted where the page is open already, an address that differs in its end only loads nothing.
window.addEventListener('hashchange', () => void signInByAddress());
await signInByAddress();
dashboard.start();
room?.start();
