import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Icon } from "../../components/Icon";
import { clockTime, dayName } from "../../format/time";
import type { PrunedArchive } from "../../platform/bindings";
import { ruleWords } from "./rule";

const ROW = 30;

/** Archives with what becomes of each, newest first. Only the rows in sight exist. */
export function PruneTable({ archives, now }: { archives: PrunedArchive[]; now: Date }) {
  const pane = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: archives.length,
    getScrollElement: () => pane.current,
    estimateSize: () => ROW,
    overscan: 12,
    useFlushSync: false,
  });
  return (
    <div className="prune-pane" ref={pane} tabIndex={0} role="region" aria-label="Archives, newest first">
      <div role="table" aria-label="What becomes of each archive" aria-rowcount={archives.length + 1}>
        <div className="prune-row is-head" role="row" aria-rowindex={1}>
          <span role="columnheader">Made</span>
          <span role="columnheader">What becomes of it</span>
          <span role="columnheader">Archive</span>
        </div>
        <div role="rowgroup" className="rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const archive = archives[item.index];
            if (!archive) return null;
            const { name, made_at, deleted, rule } = archive;
            return (
              <div
                key={name}
                className="prune-row"
                role="row"
                aria-rowindex={item.index + 2}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="num">
                  {made_at ? `${dayName(new Date(made_at), now)}, ${clockTime(made_at)}` : "–"}
                </span>
                <span role="cell" className="trunc" data-status={deleted ? "failed" : undefined}>
                  {deleted ? (
                    <>
                      <Icon name="x" size={12} />
                      Goes
                    </>
                  ) : rule ? (
                    ruleWords(rule)
                  ) : (
                    "Stays, an unfinished backup"
                  )}
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
