/** The dashboard: a page that shows one node, live. */
import { render } from 'preact';
import { Dashboard } from './model/dashboard.js';
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
  render(<Page dashboard={dashboard} settings={settings} />, root);
}

const settings = new Settings(changed);
const dashboard = new Dashboard(changed);
draw();
await takeTokenFromAddress();
dashboard.start();
