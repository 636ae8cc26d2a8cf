import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * The only file that knows the VS Code Webview UI Toolkit: its elements as components with typed properties. Another
 * set of controls takes its place here. The toolkit's badge, dropdown and progress ring have inline styles in their
 * templates, which the content security policy forbids; those three are plain elements in the same look.
 */

/** Registers the elements that this file uses; once per page. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeTextField(),
  );
}

interface ButtonProps {
  readonly onClick: () => void;
  readonly look: 'primary' | 'secondary' | 'icon';
  readonly label?: string;
  readonly children: ComponentChildren;
}

export function Button({ onClick, look, label, children }: ButtonProps) {
  const named = label === undefined ? {} : { 'aria-label': label, title: label };
  return h('vscode-button', { appearance: look, onClick, ...named }, children);
}

interface BadgeProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Badge({ title, children }: BadgeProps) {
  return (
    <span class="badge" title={title}>
      {children}
    </span>
  );
}

interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

export function Checkbox({ checked, onChange, children }: CheckboxProps) {
  const report = (event: Event) => {
    if (event.target instanceof HTMLElement && 'checked' in event.target) {
      onChange(event.target.checked === true);
    }
  };
  return h('vscode-checkbox', { checked, onChange: report }, children);
}

interface DropdownProps {
  readonly label: string;
  readonly options: readonly string[];
  /** Index into the options. */
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** One of several, with its label before it. */
export function Dropdown({ label, options, chosen, onChoose }: DropdownProps) {
  return (
    <label class="labelled">
      <span class="muted">{label}</span>
      <select
        class="dropdown"
        value={String(chosen)}
        onChange={(event) => onChoose(event.currentTarget.selectedIndex)}
      >
        {options.map((option, index) => (
          <option key={index} value={String(index)} selected={index === chosen}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function Search({ label, value, onInput }: SearchProps) {
  const report = (event: Event) => {
    if (event.target instanceof HTMLElement && 'value' in event.target) {
      onInput(String(event.target.value));
    }
  };
  const element = useRef<HTMLElement>(null);
  // The toolkit's element names itself “Text field” when it is put into the page.
  useEffect(() => element.current?.setAttribute('aria-label', label), [label]);
  return h('vscode-text-field', {
    ref: element,
    placeholder: label,
    value,
    onInput: report,
    class: 'search',
  });
}

export function ProgressRing({ label }: { readonly label: string }) {
  return <span class="ring" role="progressbar" aria-label={label} />;
}

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly active: Id;
  readonly onActivate: (id: Id) => void;
  /** Draws the active tab's page; the others stay empty. */
  readonly page: (id: Id) => ComponentChildren;
}

/** Tabs with one page each. */
export function Tabs<Id extends string>({ label, tabs, active, onActivate, page }: TabsProps<Id>) {
  const report = (event: CustomEvent<unknown>) => {
    const { detail } = event;
    // A dropdown or a checkbox inside a page reports its own change, which bubbles up to here.
    if (!(detail instanceof HTMLElement) || event.target !== event.currentTarget) return;
    const tab = tabs.find(({ id }) => `tab-${id}` === detail.id);
    if (tab !== undefined && tab.id !== active) onActivate(tab.id);
  };
  return h(
    'vscode-panels',
    { activeid: `tab-${active}`, 'aria-label': label, onChange: report, class: 'tabs' },
    tabs.map(({ id, title }) =>
      h('vscode-panel-tab', { key: `tab-${id}`, id: `tab-${id}` }, title),
    ),
    tabs.map(({ id }) =>
      h('vscode-panel-view', { key: `view-${id}`, id: `view-${id}` }, id === active && page(id)),
    ),
  );
}
