/** Routes and the frame around them. The feed is part of the first load; every other page arrives when it is opened. */

import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import FeedPage from './feed/feed-page.tsx';
import { closeOverlays } from './state/overlay.ts';
import { Nav } from './ui/nav.tsx';
import { OverlayHost } from './ui/overlay-host.tsx';

const CreatePage = lazy(() => import('./studio/create-page.tsx'));
const GenerationPage = lazy(() => import('./studio/generation-page.tsx'));
const DraftsPage = lazy(() => import('./studio/drafts-page.tsx'));
const PublishPage = lazy(() => import('./studio/publish-page.tsx'));
const ClipPage = lazy(() => import('./clip/clip-page.tsx'));
const ProfilePage = lazy(() => import('./profile/profile-page.tsx'));
const CameoPage = lazy(() => import('./cameo/cameo-page.tsx'));
const EnrolPage = lazy(() => import('./enrol/enrol-page.tsx'));
const AppearancesPage = lazy(() => import('./cameo/appearances-page.tsx'));
const InboxPage = lazy(() => import('./inbox/inbox-page.tsx'));
const SignInPage = lazy(() => import('./auth/sign-in-page.tsx'));
const SettingsPage = lazy(() => import('./auth/settings-page.tsx'));
const VerifyPage = lazy(() => import('./verify/verify-page.tsx'));
const UploadPage = lazy(() => import('./upload/upload-page.tsx'));
const StatusPage = lazy(() => import('./status/status-page.tsx'));
const DeskPage = lazy(() => import('./moderation/desk-page.tsx'));
const DecisionPage = lazy(() => import('./decisions/decision-page.tsx'));
const ReportPage = lazy(() => import('./decisions/report-page.tsx'));
const TransparencyPage = lazy(() => import('./decisions/transparency-page.tsx'));
const NotFoundPage = lazy(() => import('./ui/not-found-page.tsx'));

/**
 * Addresses the edge answers by itself; links to them leave the app. Enrolment is loaded by itself: its headers alone allow a camera.
 */
const appScope = /^\/(?!api\/|media\/|revocations\/|healthz|cameo\/enrol)/;

/** A new page starts at its top with the focus on its content; the very first one keeps the browser's own focus. */
function onRouteChange(): void {
  closeOverlays();
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

export function App() {
  const [loading, setLoading] = useState(false);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    // A deployment in between removes old chunks: the page that needs one is loaded anew.
    const onPreloadError = () => setBroken(true);
    addEventListener('vite:preloadError', onPreloadError);
    return () => removeEventListener('vite:preloadError', onPreloadError);
  }, []);
  return (
    <LocationProvider scope={appScope}>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <Nav />
      <main id="main" tabIndex={-1}>
        {loading && <div class="route-loading" aria-hidden="true" />}
        {broken && (
          <p class="banner" role="alert">
            This page could not be loaded.{' '}
            <button type="button" class="link-button" onClick={() => location.reload()}>
              Load it again
            </button>
          </p>
        )}
        <ErrorBoundary>
          <Router
            onRouteChange={onRouteChange}
            onLoadStart={() => setLoading(true)}
            onLoadEnd={() => setLoading(false)}
          >
            <Route path="/" component={FeedPage} />
            <Route path="/following" component={FeedPage} />
            <Route path="/recent" component={FeedPage} />
            <Route path="/create" component={CreatePage} />
            <Route path="/create/:id" component={GenerationPage} />
            <Route path="/drafts" component={DraftsPage} />
            <Route path="/publish/:id" component={PublishPage} />
            <Route path="/clip/:id" component={ClipPage} />
            <Route path="/cameo" component={CameoPage} />
            <Route path="/cameo/enrol" component={EnrolPage} />
            <Route path="/cameo/appearances" component={AppearancesPage} />
            <Route path="/inbox" component={InboxPage} />
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route path="/verify" component={VerifyPage} />
            <Route path="/upload" component={UploadPage} />
            <Route path="/status" component={StatusPage} />
            <Route path="/desk" component={DeskPage} />
            <Route path="/decisions/:id" component={DecisionPage} />
            <Route path="/reports/:token" component={ReportPage} />
            <Route path="/transparency" component={TransparencyPage} />
            <Route path="/:at" component={ProfilePage} />
            <Route default component={NotFoundPage} />
          </Router>
        </ErrorBoundary>
      </main>
      <OverlayHost />
    </LocationProvider>
  );
}
