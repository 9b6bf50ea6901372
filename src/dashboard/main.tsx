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

const settings = new Settings(changed);
const dashboard = new Dashboard(changed);
const room = location.pathname === '/room' ? new Room(changed) : undefined;
draw();
await takeTokenFromAddress();
dashboard.start();
room?.start();
