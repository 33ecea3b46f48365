/** Dialogs: focus stays within, Escape leaves, and a destructive one says first what will happen. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, type RefObject, useState } from 'react';
import { Button } from './button.tsx';
import { Failed } from './state.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly note?: ReactNode;
  readonly wide?: boolean;
  /** False where nothing behind it can go on, or what it shows is shown once: its own buttons alone close it. */
  readonly closable?: boolean;
  /** A press beside it does not close it: what was written in it would be lost. */
  readonly form?: boolean;
  /** What has the focus when it opens; what comes first in it, where it is left out. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

export const Dialog = ({
  open,
  onClose,
  title,
  note,
  wide = false,
  closable = true,
  form = false,
  focus,
  children,
}: DialogProps) => (
  <Base.Root
    open={open}
    disablePointerDismissal={form || !closable}
    onOpenChange={(next) => !next && closable && onClose()}
  >
    <Base.Portal>
      <Base.Backdrop className="scrim" />
      <Base.Popup
        className={wide ? 'dialog dialog-wide' : 'dialog'}
        {...(focus === undefined ? {} : { initialFocus: focus })}
      >
        <div className="stack">
          <div className="row-between">
            <Base.Title>{title}</Base.Title>
            {closable && (
              <Base.Close render={<Button kind="quiet" small icon="close" aria-label="Close" />} />
            )}
          </div>
          {note !== undefined && (
            <Base.Description className="muted" render={<div />}>
              {note}
            </Base.Description>
          )}
        </div>
        {children}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);

interface ConfirmProps {
  /** The button that asks. */
  readonly label: string;
  readonly title: string;
  /** What will happen, in full sentences. */
  readonly consequence: ReactNode;
  readonly act: () => Promise<unknown>;
  readonly small?: boolean;
  readonly description?: string;
  readonly disabled?: boolean;
}

export const Confirm = ({ label, title, consequence, act, small, description, disabled }: ConfirmProps) => {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = (): void => {
    setOpen(false);
    setError(null);
  };
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await act();
      close();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        small={small ?? false}
        onClick={() => setOpen(true)}
        aria-label={description}
        disabled={disabled ?? false}
      >
        {label}
      </Button>
      <Dialog open={open} onClose={close} title={title} note={consequence}>
        {error !== null && <Failed error={error} />}
        <div className="dialog-foot">
          <Button onClick={close}>Keep</Button>
          <Button kind="danger" busy={busy} onClick={() => void confirm()}>
            {label}
          </Button>
        </div>
      </Dialog>
    </>
  );
};
