import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Icon } from "../../components/Icon";
import { clockTime, dayName } from "../../format/time";
import type { ArchiveFate, PrunedArchive } from "../../platform/bindings";
import { reasonWords } from "./reason";

const ROW = 30;
/** What goes stands out, what is not of the plan steps back. */
const STATUS: Partial<Record<ArchiveFate, string>> = { goes: "failed", foreign: "foreign" };

/** Archives with what becomes of each, newest first. Only the rows in sight exist. */
export function FateTable({ archives, now }: { archives: PrunedArchive[]; now: Date }) {
  const pane = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: archives.length,
    getScrollElement: () => pane.current,
    estimateSize: () => ROW,
    overscan: 12,
    useFlushSync: false,
  });
  return (
    <div className="fate-pane" ref={pane} tabIndex={0} role="region" aria-label="Archives, newest first">
      <div role="table" aria-label="What becomes of each archive" aria-rowcount={archives.length + 1}>
        <div className="fate-row is-head" role="row" aria-rowindex={1}>
          <span role="columnheader">Made</span>
          <span role="columnheader">What becomes of it</span>
          <span role="columnheader">Archive</span>
        </div>
        <div role="rowgroup" className="rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const archive = archives[item.index];
            if (!archive) return null;
            const { name, made_at, fate, kept } = archive;
            return (
              <div
                key={name}
                className="fate-row"
                role="row"
                aria-rowindex={item.index + 2}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="num">
                  {dayName(new Date(made_at), now)}, {clockTime(made_at)}
                </span>
                <span role="cell" className="trunc" data-status={STATUS[fate]}>
                  {fate === "goes" && (
                    <>
                      <Icon name="x" size={12} />
                      Goes
                    </>
                  )}
                  {fate === "foreign" && "Not of this plan, untouched"}
                  {kept && reasonWords(kept)}
                </span>
                <span role="cell" className="mono muted trunc" title={name}>
                  {name}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
