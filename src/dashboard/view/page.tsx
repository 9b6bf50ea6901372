/** A page of the node: of itself, or of the whole network as it sees it. */
import { useEffect, useState } from 'preact/hooks';
import type { Dashboard } from '../model/dashboard.js';
import type { Room } from '../model/room.js';
import type { Settings } from '../model/settings.js';
import { Announcer, Banners, TokenForm } from './banners.js';
import { ChainRow } from './chain-row.js';
import { PageContext, type Subject } from './context.js';
import { Drawer } from './drawer.js';
import { Footer } from './footer.js';
import { Header } from './header.js';
import { Intro } from './intro.js';
import { JoinPanel } from './join-panel.js';
import { MinePanel } from './mine-panel.js';
import { PeersPanel } from './peers-panel.js';
import { PendingPanel } from './pending-panel.js';
import { RoomPage } from './room-page.js';
import { SendPanel } from './send-panel.js';

export interface PageProps {
  readonly dashboard: Dashboard;
  readonly settings: Settings;
  /** Where the page is of the whole network. */
  readonly room: Room | undefined;
}

export function Page({ dashboard, settings, room }: PageProps) {
  const [subject, look] = useState<Subject>();
  const { words } = settings;
  const name = dashboard.status?.name;
  useEffect(() => {
    document.title = [name, room && words.pageRoom, words.title].filter(Boolean).join(' · ');
  }, [name, room, words]);
  return (
    <PageContext.Provider value={{ dashboard, settings, words, subject, look }}>
      {room === undefined && (
        <a class="skip" href="#chain">
          {words.skip}
        </a>
      )}
      <Header />
      {dashboard.connection.state === 'locked' ? (
        <TokenForm />
      ) : (
        <main>
          <Banners />
          {room === undefined ? <NodeParts /> : <RoomPage room={room} />}
        </main>
      )}
      <Announcer />
      <Drawer />
    </PageContext.Provider>
  );
}

/** The chain above all, then what one can do, then who is there. */
function NodeParts() {
  return (
    <>
      <Intro />
      <ChainRow />
      <div class="panels">
        <MinePanel />
        <SendPanel />
        <PendingPanel />
        <PeersPanel />
        <JoinPanel />
      </div>
      <Footer />
    </>
  );
}
