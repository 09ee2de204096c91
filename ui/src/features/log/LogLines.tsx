import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { logTime } from "../../format/time";
import type { LogLine } from "../../platform/bindings";

const LINE = 18;
/** Up to here every line is simply there; above, only those in sight. */
const FEW = 300;
/** Browsers give up on taller elements; the scrollbar then stands for more than a pixel a pixel. */
const TALLEST = 6_000_000;
const OVERSCAN = 4;

export interface LogLinesHandle {
  /** Brings a row into sight. */
  show: (row: number) => void;
}

interface Props {
  count: number;
  lineAt: (row: number) => LogLine | undefined;
  numberAt: (row: number) => number;
  /** Hears which rows are needed. */
  onNeed: (first: number, last: number) => void;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  /** The row a search or a key jumped to. */
  current: number | null;
  words: string;
  /** Digits of the largest line number. */
  digits: number;
  onKeyDown: (event: KeyboardEvent) => void;
  ref?: Ref<LogLinesHandle>;
}

/**
 * The lines in sight, out of any number.
 *
 * Lines wrap, so their heights are not known before they are drawn. The scroll position is therefore a place in the
 * log, not a number of pixels: at 40% of the scrollbar, the line at 40% of the log stands at 40% of the window, and
 * its neighbours follow from their own heights. Both ends come out exact, and any count of lines fits.
 */
export function LogLines({
  count,
  lineAt,
  numberAt,
  onNeed,
  follow,
  onFollow,
  current,
  words,
  digits,
  onKeyDown,
  ref,
}: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const lastTop = useRef(0);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const all = count <= FEW;

  const space = Math.min(count * LINE, TALLEST);
  const reach = Math.max(1, space - height);
  const place = Math.min(1, Math.max(0, top / reach));
  const anchor = place * count;
  const anchorRow = Math.min(count - 1, Math.floor(anchor));
  const around = Math.ceil(height / LINE) + OVERSCAN;
  const first = all ? 0 : Math.max(0, anchorRow - around);
  const last = all ? count - 1 : Math.min(count - 1, anchorRow + around);

  useEffect(() => {
    if (count > 0) onNeed(first, last);
  }, [first, last, count, onNeed]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => setHeight(element.clientHeight || 400);
    measure();
    if (!("ResizeObserver" in window)) return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Puts the drawn lines where the anchor says, after they have their heights.
  useLayoutEffect(() => {
    const lines = list.current;
    if (!lines) return;
    if (all) {
      lines.style.transform = "";
      return;
    }
    const row = lines.children[anchorRow - first] as HTMLElement | undefined;
    if (!row) return;
    const inRow = Math.min(1, anchor - anchorRow) * row.offsetHeight;
    lines.style.transform = `translateY(${place * height - row.offsetTop - inRow}px)`;
  });

  const scrollTo = (to: number) => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = to;
    lastTop.current = element.scrollTop;
    setTop(element.scrollTop);
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (follow && element && count > 0) {
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
      setTop(element.scrollTop);
    }
  }, [follow, count]);

  useImperativeHandle(ref, () => ({
    show: (row) => {
      if (all) {
        list.current?.children[row]?.scrollIntoView?.({ block: "center" });
        return;
      }
      // The anchor itself is in sight wherever it is.
      scrollTo(((row + 0.5) / count) * reach);
    },
  }));

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const at = element.scrollTop;
    const atEnd = element.scrollHeight - at - element.clientHeight < 2;
    // Growth never moves up: only a person does.
    if (at < lastTop.current - 1 && !atEnd) onFollow(false);
    else if (atEnd && !follow) onFollow(true);
    lastTop.current = at;
    setTop(at);
  };

  const rows: ReactNode[] = [];
  for (let row = first; row <= last; row += 1) {
    rows.push(
      <Line
        key={numberAt(row)}
        line={lineAt(row)}
        number={numberAt(row)}
        row={row}
        count={count}
        current={row === current}
        words={words}
      />,
    );
  }
  return (
    <div className="log" ref={scroller} onScroll={onScroll} onKeyDown={onKeyDown} tabIndex={0}>
      <div className={all ? "log-space" : "log-space is-long"} style={all ? {} : { height: space }}>
        <div className="log-window" style={all ? {} : { height }}>
          <ol
            ref={list}
            aria-label="Log"
            aria-live="off"
            style={{ "--digits": `${digits}ch` } as React.CSSProperties}
          >
            {rows}
          </ol>
        </div>
      </div>
    </div>
  );
}

const GLYPH = { DEBUG: "", INFO: "", WARNING: "W", ERROR: "E" } as const;
const GLYPH_NAME = { DEBUG: undefined, INFO: undefined, WARNING: "Warning", ERROR: "Error" } as const;

function Line({
  line,
  number,
  row,
  count,
  current,
  words,
}: {
  line: LogLine | undefined;
  number: number;
  row: number;
  count: number;
  current: boolean;
  words: string;
}) {
  return (
    <li
      data-testid="log-line"
      data-level={line?.level}
      data-current={current || undefined}
      aria-posinset={row + 1}
      aria-setsize={count}
    >
      <span className="log-number">{number}</span>
      <span className="log-glyph" title={line && GLYPH_NAME[line.level]}>
        {line && GLYPH[line.level]}
      </span>
      <span className="log-time">{line ? logTime(line.time) : ""}</span>
      <span className="log-text">{line ? marked(line.text, words) : " "}</span>
    </li>
  );
}

/** The text with what was searched for marked in it. */
function marked(text: string, words: string): ReactNode {
  if (words === "") return text;
  const lower = text.toLowerCase();
  const needle = words.toLowerCase();
  const parts: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  parts.push(text.slice(from));
  return parts;
}
