import { useEffect, useRef } from "react";
import { hrefOf } from "../../app/router";
import { useNow } from "../../app/useNow";
import { LinkButton } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { SettingGroup } from "../../components/Setting";
import { count, counted } from "../../format/count";
import { NONE } from "../../format/locale";
import { when } from "../../format/time";
import type { InspectedRepository } from "../../platform/bindings";

/** What stands at the place. */
export function Found({ found }: { found: InspectedRepository }) {
  const group = useRef<HTMLDivElement>(null);
  // It was asked for: what comes next is read first, and in sight.
  useEffect(() => {
    const heading = group.current?.querySelector("h2");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "start" });
  }, []);
  const now = useNow(false);
  const { plan } = found;
  const rows: [string, string][] = [
    ["Archives", count(found.archives)],
    ["Oldest", found.oldest ? when(found.oldest, now) : NONE],
    ["Newest whole backup", found.last_good ? when(found.last_good, now) : NONE],
    ["Encryption", found.encryption],
  ];
  if (plan) {
    rows.push(["Its series", `${plan.series_prefix}…, ${counted(plan.series_archives, "archive")}`]);
  }
  return (
    <div ref={group}>
      <SettingGroup title="What is there">
        {found.known_as ? (
          <div className="card-body">
            <Callout icon="info" title={`Alcove knows this repository as ${found.known_as}`} role="status">
              <p>It is connected already; nothing is left to do.</p>
              <LinkButton size="sm" href={hrefOf({ screen: "repositories", repository: null })}>
                Show all repositories
              </LinkButton>
            </Callout>
          </div>
        ) : (
          <>
            <p className="sr" role="status">
              Found {counted(found.archives, "archive")}.
            </p>
            <dl className="found">
              {rows.map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            <p className="found-note hint">
              {found.note}{" "}
              {found.files_remembered
                ? "The first run skips files that did not change."
                : "The first run reads every file once."}
            </p>
          </>
        )}
      </SettingGroup>
    </div>
  );
}
