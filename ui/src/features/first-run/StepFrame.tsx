import { type ReactNode, useEffect, useRef } from "react";

/** One step: a title, what is asked, and the foot with where to go. The title takes the focus, so it is read first. */
export function StepFrame({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead: ReactNode;
  children: ReactNode;
  foot: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <div className="setup-body" data-region="step">
        <div className="setup-col">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <p className="lead">{lead}</p>
          {children}
        </div>
      </div>
      <footer className="setup-foot" data-region="foot">
        {foot}
      </footer>
    </>
  );
}

/** Why the button beside it cannot be pressed yet; empty when it can. */
export function Reason({ id, children }: { id: string; children: string | null }) {
  return (
    <span id={id} className="hint setup-reason" role="status">
      {children}
    </span>
  );
}
