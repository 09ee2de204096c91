import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { SearchField } from "../../components/SearchField";
import { count, counted } from "../../format/count";

const ROW = 22;
/** So many are in sight at once; fewer need no search. */
const SCREENFUL = 8;

/** Lines of text, up to a thousand of them, with a search. Only the lines in sight exist. */
export function Lines({
  title,
  hint,
  search,
  lines,
  total,
}: {
  title: string;
  hint?: string;
  /** The search field's label. */
  search: string;
  lines: string[];
  /** How many there are, listed or not. */
  total: number;
}) {
  const [words, setWords] = useState("");
  const sought = useDeferredValue(words.trim().toLowerCase());
  const shown = useMemo(
    () => (sought === "" ? lines : lines.filter((line) => line.toLowerCase().includes(sought))),
    [lines, sought],
  );
  const heading = useId();
  const pane = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => pane.current,
    estimateSize: () => ROW,
    overscan: 12,
    useFlushSync: false,
  });
  return (
    <div className="lines">
      <div className="lines-head">
        <h3 id={heading}>{title}</h3>
        <span className="hint num" role="status">
          {sought !== ""
            ? `${counted(shown.length, "match", "matches")}${total > lines.length ? ` in the first ${count(lines.length)}` : ""}`
            : total > lines.length
              ? `The first ${count(lines.length)} of ${count(total)}`
              : ""}
        </span>
        {lines.length > SCREENFUL && <SearchField label={search} value={words} onChange={setWords} />}
      </div>
      <div
        className="lines-pane"
        ref={pane}
        tabIndex={0}
        role="region"
        aria-labelledby={heading}
        style={{ height: Math.min(lines.length, SCREENFUL) * ROW + 2 }}
      >
        <ul className="rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <li
              key={item.key}
              className="mono trunc"
              title={shown[item.index]}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {shown[item.index]}
            </li>
          ))}
        </ul>
      </div>
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
}
