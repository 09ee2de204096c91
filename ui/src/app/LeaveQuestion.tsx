import { type ReactNode, useRef } from "react";
import { Button } from "../components/Button";
import { QuestionDialog } from "../components/Dialog";
import type { Leaving } from "./leaving";

/** Asks whether a screen is left with what is unsaved on it. Esc stays. */
export function LeaveQuestion({
  leaving,
  title,
  leave,
  children,
}: {
  leaving: Leaving;
  title: string;
  /** What the answer is called that loses it. */
  leave: string;
  children: ReactNode;
}) {
  const keepEditing = useRef<HTMLButtonElement>(null);
  return (
    <QuestionDialog
      open={leaving.asking}
      onClose={leaving.stay}
      title={title}
      initialFocus={keepEditing}
      foot={
        <>
          <Button ref={keepEditing} size="lg" onClick={leaving.stay}>
            Keep editing
          </Button>
          <Button size="lg" kind="danger" onClick={leaving.leave}>
            {leave}
          </Button>
        </>
      }
    >
      {children}
    </QuestionDialog>
  );
}
