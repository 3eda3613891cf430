/** My likeness: who may cast me, under which rules, with whom I have contracts, and the way to take all of it back. */
import { getCameo } from '../api/cameo.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { CameoHome } from './cameo-home.tsx';
import { CameoIntro } from './cameo-intro.tsx';
import '../styles/cameo.css';

export default function CameoPage() {
  useTitle('My likeness');
  return (
    <SignedIn
      title="Your likeness"
      purpose="decide who may cast you"
      why="Nobody can put you in a clip unless you enrol and let them. Sign in to decide."
    >
      {(me) => <MyCameo key={me.account.id} handle={me.account.handle} />}
    </SignedIn>
  );
}

function MyCameo({ handle }: { handle: string }) {
  const { data, error, loading, reload, set } = useLoad('my cameo', async () => ({
    cameo: await getCameo(),
  }));
  if (error) {
    return (
      <div class="page">
        <ErrorNote error={error} onRetry={reload} />
      </div>
    );
  }
  if (!data) return loading ? <Loading /> : null;
  const { cameo } = data;
  if (cameo === null || cameo.status === 'none')
    return <CameoIntro handle={handle} onEnrolled={(enrolled) => set({ cameo: enrolled })} />;
  return (
    <CameoHome
      cameo={cameo}
      handle={handle}
      onChange={(changed) => set({ cameo: changed })}
      onReload={reload}
    />
  );
}
