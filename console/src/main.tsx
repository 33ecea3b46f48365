import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applyTheme } from './app/theme.ts';
import { arrive } from './sign-in/arrive.ts';
import './styles/index.css';

applyTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the console.');
createRoot(root).render(
  <StrictMode>
    <App arriving={arrive()} />
  </StrictMode>,
);
