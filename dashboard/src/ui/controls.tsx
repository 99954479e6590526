import { useEffect, useLayoutEffect, useRef, useState, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { isLost, useHeldFocus } from './focus';
import { Icon, type IconName } from './icons';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'quiet' | 'danger';
  small?: boolean;
  icon?: IconName;
  /** Says what an icon alone does. */
  label?: string;
}

export function Button({ look, small, icon, label, children, className = '', ...rest }: ButtonProps) {
  const classes = ['button', look, small && 'small', !children && 'icon', className].filter(Boolean).join(' ');
  return (
    <button type="button" className={classes} aria-label={label} title={children ? undefined : label} {...rest}>
      {icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children}
    </button>
  );
}

export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, ReactNode])[];
  onChange: (value: T) => void;
}) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** A button that opens a panel; Escape, a click elsewhere or `close` shuts it. The focus goes in, stays in, and comes back to the button. */
export function Popover({
  button,
  children,
  side = 'left',
  title,
}: {
  button: (open: () => void, isOpen: boolean) => ReactNode;
  children: (close: () => void) => ReactNode;
  side?: 'left' | 'right';
  title: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useHeldFocus(panel, isOpen);
  useEffect(() => {
    if (!isOpen) return;
    const shut = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !root.current?.contains(event.target as Node))
        setOpen(false);
    };
    document.addEventListener('pointerdown', shut);
    document.addEventListener('keydown', shut);
    return () => {
      document.removeEventListener('pointerdown', shut);
      document.removeEventListener('keydown', shut);
    };
  }, [isOpen]);
  return (
    <div className="popover" ref={root}>
      {button(() => setOpen(!isOpen), isOpen)}
      {isOpen && (
        <div className={`panel ${side}`} role="dialog" aria-label={title} ref={panel} tabIndex={-1}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

export function Dialog({
  title,
  onClose,
  children,
  footer,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const back = rememberedOpener();
    dialog.current?.showModal();
    // While the dialog is open, nothing else can have the focus. After Escape, the browser has closed it already, and somebody may be elsewhere by now.
    return () => queueMicrotask(() => isLost() && (back?.isConnected ? back : opener)?.focus());
  }, []);
  return (
    // React also tells of a dialog that was opened over this one.
    <dialog
      className="dialog"
      ref={dialog}
      onClose={({ target, currentTarget }) => target === currentTarget && onClose()}
      aria-label={title}
    >
      <header>
        <h2>{title}</h2>
      </header>
      <div className="body">{children}</div>
      <footer>{footer}</footer>
    </dialog>
  );
}

/** The button that opened the dialog. A dialog that follows another one belongs to the same button, and one over another one to a button in that. */
let opener: HTMLElement | null = null;
function rememberedOpener(): HTMLElement | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return opener;
  if (active.closest('dialog')) return active;
  opener = active;
  return opener;
}

export function CopyButton({
  text,
  label = 'Copy',
  look,
}: {
  text: string;
  label?: string;
  look?: ButtonProps['look'];
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button small look={look} icon={isCopied ? 'check' : 'copy'} onClick={() => void copy()}>
      {isCopied ? 'Copied' : label}
    </Button>
  );
}

/** A page's card with its heading. */
export function Card({
  title,
  actions,
  children,
  className = '',
  flush = false,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section className={`card ${className}`}>
      {title && (
        <header>
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      {flush ? children : <div className="body">{children}</div>}
    </section>
  );
}

/** Waits until typing pauses, so that not every key causes a request. */
export function useRested<T>(value: T, ms = 250): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
