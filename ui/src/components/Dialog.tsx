import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import "./dialog.css";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  foot: ReactNode;
  /** What gets the focus: the safe answer, or the one field. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** For a table. */
  wide?: boolean;
}

/** A question that must be answered; Esc is the safe answer. */
export function QuestionDialog({ open, onClose, title, children, foot, initialFocus }: Props) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim" />
        <AlertDialog.Popup className="dialog" {...(initialFocus && { initialFocus })}>
          <div className="body">
            <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div className="dialog-text" />}>
              {children}
            </AlertDialog.Description>
          </div>
          <div className="foot">{foot}</div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** A form of its own. `onSubmit` runs on Enter too; without it Enter is only ever the focused button's. */
export function FormDialog({
  open,
  onClose,
  title,
  children,
  foot,
  initialFocus,
  wide = false,
  onSubmit,
}: Props & { onSubmit?: () => void }) {
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup
          className={wide ? "dialog is-wide" : "dialog"}
          {...(initialFocus && { initialFocus })}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              onSubmit?.();
            }}
          >
            <div className="body">
              <BaseDialog.Title className="dialog-title">{title}</BaseDialog.Title>
              {children}
            </div>
            <div className="foot">{foot}</div>
          </form>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
