/** What stands around every page: navigation, who is signed in, light or dark. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Brand } from './brand.tsx';
import { useSession } from './session.tsx';
import { useTheme } from './theme.ts';

interface Page {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
}

const GROUPS: readonly (readonly [heading: string, pages: readonly Page[]])[] = [
  [
    'Watch',
    [
      { to: '/', label: 'Now', icon: 'now' },
      { to: '/routing', label: 'Routing', icon: 'routing' },
      { to: '/requests', label: 'Requests', icon: 'requests' },
    ],
  ],
  [
    'Steer',
    [
      { to: '/tenants', label: 'Tenants', icon: 'tenants' },
      { to: '/models', label: 'Models', icon: 'models' },
      { to: '/playground', label: 'Playground', icon: 'playground' },
    ],
  ],
  [
    'Prove',
    [
      { to: '/privacy', label: 'Privacy', icon: 'privacy' },
      { to: '/audit', label: 'Audit', icon: 'audit' },
    ],
  ],
];

const Navigation = () => (
  <nav className="nav" aria-label="Pages">
    {GROUPS.map(([heading, pages]) => (
      <div key={heading}>
        <div className="nav-heading">{heading}</div>
        {pages.map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/' }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon name={icon} />
            {label}
          </Link>
        ))}
      </div>
    ))}
  </nav>
);

const Foot = () => {
  const { me, signOut } = useSession();
  const [theme, setTheme] = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <div className="sidebar-foot">
      <div className="who">
        <strong>{me.roles.join(', ')}</strong>
        <span className="muted">
          {me.stage} · {me.version}
        </span>
      </div>
      <div className="row">
        <Button
          small
          icon={other === 'dark' ? 'moon' : 'sun'}
          aria-label={`Use the ${other} theme`}
          onClick={() => setTheme(other)}
        >
          {other === 'dark' ? 'Dark' : 'Light'}
        </Button>
        <Button small icon="out" onClick={signOut}>
          Sign out
        </Button>
      </div>
    </div>
  );
};

export const Shell = () => {
  const { me } = useSession();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const before = useRef(path);

  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    setOpen(false);
    scrollTo(0, 0);
    // Another page: who listens hears it from its beginning.
    main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="topbar">
        <Brand />
        <Button
          kind="quiet"
          icon={open ? 'close' : 'menu'}
          aria-label={open ? 'Close the menu' : 'Open the menu'}
          aria-expanded={open}
          aria-controls="sidebar"
          onClick={() => setOpen(!open)}
        />
      </header>
      <aside id="sidebar" className={open ? 'sidebar open' : 'sidebar'} aria-label="Console">
        <Brand />
        <Navigation />
        <Foot />
      </aside>
      <main id="main" className="main" ref={main} tabIndex={-1}>
        {!me.roles.includes('operator') && (
          <div className="row">
            <Badge tone="info">Read only: an auditor changes nothing</Badge>
          </div>
        )}
        <Outlet />
      </main>
    </div>
  );
};
