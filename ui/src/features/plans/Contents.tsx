import { type RefObject, useEffect, useState } from "react";
import { SECTIONS } from "./section";

/** The sections by name; the one in sight is marked, and a click leads to each. */
export function Contents({ body }: { body: RefObject<HTMLDivElement | null> }) {
  const [current, setCurrent] = useState<string>(SECTIONS[0][0]);
  useEffect(() => {
    const pane = body.current;
    if (!pane) return undefined;
    const onScroll = () => {
      const atEnd = pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 2;
      const seen = SECTIONS.filter(([id]) => {
        const section = document.getElementById(id);
        return section !== null && section.offsetTop - pane.offsetTop <= pane.scrollTop + 80;
      });
      const last = atEnd && pane.scrollTop > 0 ? SECTIONS.at(-1) : seen.at(-1);
      setCurrent(last?.[0] ?? SECTIONS[0][0]);
    };
    pane.addEventListener("scroll", onScroll);
    return () => pane.removeEventListener("scroll", onScroll);
  }, [body]);
  const show = (id: string) => {
    const section = document.getElementById(id);
    section?.scrollIntoView({ block: "start" });
    section?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  };
  return (
    <nav className="toc" aria-label="Sections">
      {SECTIONS.map(([id, label]) => (
        <button
          key={id}
          type="button"
          aria-current={id === current ? "true" : undefined}
          onClick={() => show(id)}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
