/** The way around: a rail on wide screens, a tab bar at the bottom on phones. One list of links for both. */
import { useLocation } from 'preact-iso';
import { unread } from '../state/inbox.ts';
import { me } from '../state/session.ts';
import { Avatar } from './avatar.tsx';
import { formatCount } from './format.ts';
import { Icon, type IconName } from './icons.tsx';
import { Wordmark } from './logo.tsx';

const feeds = [
  { href: '/', label: 'Discover' },
  { href: '/following', label: 'Following' },
  { href: '/recent', label: 'Recent' },
] as const;

/** Links between the three feeds. */
export function FeedTabs() {
  const { path } = useLocation();
  return (
    <nav class="feed-tabs" aria-label="Feeds">
      {feeds.map(({ href, label }) => (
        <a key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}

function NavLink(props: {
  href: string;
  icon: IconName;
  label: string;
  current: boolean;
  class?: string;
  /** How many new things wait there. */
  badge?: number;
}) {
  const badge = props.badge ?? 0;
  return (
    <a
      href={props.href}
      class={`nav-link ${props.class ?? ''}`}
      aria-current={props.current ? 'page' : undefined}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
      {badge > 0 && (
        <span class="nav-badge">
          {formatCount(badge)}
          <span class="sr-only"> unread</span>
        </span>
      )}
    </a>
  );
}

/** The main navigation. */
export function Nav() {
  const { path } = useLocation();
  const account = me.value?.account;
  const mine = account ? `/@${account.handle}` : '/sign-in';
  return (
    <header class="nav">
      <a class="nav-brand" href="/" aria-label="Kinora, home">
        <Wordmark />
      </a>
      <nav class="nav-links" aria-label="Main">
        <NavLink href="/" icon="watch" label="Watch" current={feeds.some((feed) => feed.href === path)} />
        {feeds.some((feed) => feed.href === path) && <FeedTabs />}
        <NavLink
          href="/create"
          icon="create"
          label="Create"
          current={path.startsWith('/create')}
          class="nav-create"
        />
        <NavLink
          href="/drafts"
          icon="drafts"
          label="Drafts"
          current={path === '/drafts' || path.startsWith('/publish')}
        />
        {account && (
          <NavLink
            href="/inbox"
            icon="inbox"
            label="Inbox"
            current={path === '/inbox'}
            badge={unread.value}
          />
        )}
        <NavLink
          href="/cameo"
          icon="cameo"
          label="Likeness"
          current={path.startsWith('/cameo')}
          class="nav-wide"
        />
        <NavLink
          href="/verify"
          icon="verify"
          label="Check a file"
          current={path === '/verify'}
          class="nav-wide"
        />
        {me.value?.roles.includes('moderator') && (
          <NavLink href="/desk" icon="flag" label="Desk" current={path === '/desk'} class="nav-wide" />
        )}
        <NavLink href={mine} icon="user" label={account ? 'You' : 'Sign in'} current={path === mine} />
        <NavLink
          href="/status"
          icon="node"
          label="Render nodes"
          current={path === '/status'}
          class="nav-wide"
        />
        <NavLink
          href="/settings"
          icon="settings"
          label="Settings"
          current={path === '/settings'}
          class="nav-wide"
        />
      </nav>
      {me.value && account && (
        <a class="nav-account" href={mine}>
          <Avatar handle={account.handle} size="small" />
          <span>
            <strong>@{account.handle}</strong>
            <span class="fine">{me.value.credits.available} credits left today</span>
          </span>
        </a>
      )}
    </header>
  );
}
