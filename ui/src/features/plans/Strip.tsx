import { type KeyboardEvent, useState } from "react";
import { type Day, daySentence, STRIP_DAYS, stripCaption, stripSentence } from "./strip";
import "./strip.css";

/** The bars; arrow keys or the pointer read them day by day. */
export function Strip({ days, now, name }: { days: Day[]; now: Date; name: string }) {
  const [current, setCurrent] = useState<number | null>(null);
  const caption = stripCaption(days);
  const day = current === null ? undefined : days[current];

  const onKey = (event: KeyboardEvent) => {
    const from = current ?? STRIP_DAYS - 1;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: STRIP_DAYS - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setCurrent(Math.min(STRIP_DAYS - 1, Math.max(0, to)));
  };
  return (
    <div className="days">
      <div
        className="strip"
        role="img"
        aria-label={`${name}. ${stripSentence(days)}. Arrow keys read it day by day.`}
        tabIndex={0}
        onKeyDown={onKey}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && setCurrent(STRIP_DAYS - 1)}
        onBlur={() => setCurrent(null)}
        onMouseLeave={() => setCurrent(null)}
      >
        {days.map((each, n) => (
          <span
            key={each.date.getTime()}
            className="strip-day"
            data-current={n === current || undefined}
            onMouseEnter={() => setCurrent(n)}
          >
            <i className="strip-bar" data-status={each.state} />
          </span>
        ))}
        {day && current !== null && (
          <span className="strip-tip" style={{ left: `${((current + 0.5) / STRIP_DAYS) * 100}%` }}>
            <span style={{ translate: `${-(current / (STRIP_DAYS - 1)) * 100}% 0` }}>
              {daySentence(day, now)}
            </span>
          </span>
        )}
      </div>
      <span className="strip-caption" data-status={caption.tone}>
        {caption.text}
      </span>
      <span className="sr" aria-live="polite">
        {day ? daySentence(day, now) : ""}
      </span>
    </div>
  );
}

const LEGEND = [
  ["completed", "completed"],
  ["completed_with_warnings", "with warnings"],
  ["failed", "failed"],
  ["cancelled", "cancelled"],
  ["none", "no backup"],
] as const;

/** What the shapes mean. */
export function StripLegend() {
  return (
    <p className="legend">
      <span>Last 30 days:</span>
      {LEGEND.map(([state, label]) => (
        <span key={state}>
          <i className="strip-bar" data-status={state} aria-hidden="true" />
          {label}
        </span>
      ))}
    </p>
  );
}
