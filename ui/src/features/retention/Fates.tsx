import { useId, useState } from "react";
import { useNow } from "../../app/useNow";
import { Segmented } from "../../components/Segmented";
import { count, counted } from "../../format/count";
import { whenInSentence } from "../../format/time";
import type { ArchiveFate, PrunedArchive } from "../../platform/bindings";
import { FateTable } from "./FateTable";
import "./retention.css";

export const withFate = (archives: readonly PrunedArchive[], wanted: ArchiveFate) =>
  archives.filter(({ fate }) => fate === wanted);

/** What becomes of each archive in a prune of this plan, and why: counted, then one by one. */
export function Fates({ archives, plan }: { archives: PrunedArchive[]; plan: string }) {
  const now = useNow(false);
  const title = useId();
  const [shown, setShown] = useState<"all" | "goes" | "kept">("all");
  const stays = withFate(archives, "kept");
  const goes = withFate(archives, "goes").length;
  const foreign = archives.length - stays.length - goes;
  const oldest = stays.at(-1);
  const none = stays.length + goes === 0;
  const chosen = goes > 0 && stays.length > 0 ? shown : "all";
  return (
    <>
      <div className="fate-counts">
        <p id={title} role="status">
          {none ? (
            `${plan} has made no archive yet.`
          ) : goes === 0 ? (
            <>
              <b>Nothing is due to go.</b>{" "}
              {stays.length === 1 ? "The one archive stays." : `All ${count(stays.length)} archives stay.`}
            </>
          ) : (
            <>
              <b>{counted(goes, "archive goes", "archives go")}</b>, {count(stays.length)}{" "}
              {stays.length === 1 ? "stays" : "stay"}.
            </>
          )}
          {oldest &&
            stays.length > 1 &&
            ` The oldest that stays was made ${whenInSentence(oldest.made_at, now)}.`}
          {foreign > 0 &&
            ` ${counted(foreign, "archive is", "archives are")} not of this plan and ${foreign === 1 ? "is" : "are"} never touched.`}
        </p>
        {goes > 0 && stays.length > 0 && (
          <Segmented
            labelledBy={title}
            value={chosen}
            choices={[
              ["all", "All"],
              ["goes", "Goes"],
              ["kept", "Stays"],
            ]}
            onChange={setShown}
          />
        )}
      </div>
      {archives.length > 0 && (
        <FateTable
          key={chosen}
          archives={chosen === "all" ? archives : withFate(archives, chosen)}
          now={now}
        />
      )}
    </>
  );
}
