import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Ground } from '../src/views/index.ts';

/** What canvas drawing needs of the editor's theme; a new object with every change of theme. */
export interface Theme {
  readonly ground: Ground;
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly focus: string;
  readonly font: string;
}

const ThemeContext = createContext<Theme | undefined>(undefined);

/** Keeps the theme of everything below it up to date: VS Code changes the body's class and the root's variables. */
export function ThemeProvider({ children }: { readonly children: ComponentChildren }) {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(readTheme()));
    observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, []);
  return <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>;
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  return theme ?? readTheme();
}

function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (name: string, otherwise: string) =>
    style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const { classList } = document.body;
  const light =
    classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const foreground = variable('foreground', light ? '#3b3b3b' : '#cccccc');
  return {
    ground: light ? 'light' : 'dark',
    foreground,
    muted: variable('descriptionForeground', foreground),
    background: variable('editor-background', light ? '#ffffff' : '#1e1e1e'),
    focus: variable('focusBorder', '#0078d4'),
    font: `11px ${variable('editor-font-family', 'monospace')}`,
  };
}
