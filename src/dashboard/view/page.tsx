/** The page: the chain above all, then what one can do, then who is there. */
import { useState } from 'preact/hooks';
import type { Dashboard } from '../model/dashboard.js';
import type { Settings } from '../model/settings.js';
import { Announcer, Banners, TokenForm } from './banners.js';
import { ChainRow } from './chain-row.js';
import { PageContext, type Subject } from './context.js';
import { Drawer } from './drawer.js';
import { Header } from './header.js';
import { JoinPanel } from './join-panel.js';
import { MinePanel } from './mine-panel.js';
import { PeersPanel } from './peers-panel.js';
import { PendingPanel } from './pending-panel.js';
import { SendPanel } from './send-panel.js';

export function Page({ dashboard, settings }: { dashboard: Dashboard; settings: Settings }) {
  const [subject, look] = useState<Subject>();
  const { words } = settings;
  return (
    <PageContext.Provider value={{ dashboard, settings, words, subject, look }}>
      <a class="skip" href="#chain">
        {words.skip}
      </a>
      <Header />
      {dashboard.connection.state === 'locked' ? (
        <TokenForm />
      ) : (
        <main>
          <Banners />
          <ChainRow />
          <div class="panels">
            <MinePanel />
            <SendPanel />
            <PendingPanel />
            <PeersPanel />
            <JoinPanel />
          </div>
        </main>
      )}
      <Announcer />
      <Drawer />
    </PageContext.Provider>
  );
}
