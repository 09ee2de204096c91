import type { ReactNode } from "react";
import { useNow } from "../../app/useNow";
import { Problem } from "../../components/Problem";
import { whenInSentence } from "../../format/time";
import type { Recovery } from "../../platform/bindings";

/** What was done about damaged records when Alcove started. */
export function Recovered({ recovery, actions }: { recovery: Recovery; actions?: ReactNode }) {
  const now = useNow(false);
  const { restored, set_aside } = recovery;
  return (
    <Problem
      tone="warnings"
      title={
        restored
          ? "Alcove's records were damaged and a copy was restored"
          : "Alcove's records were damaged and begin anew"
      }
      actions={actions}
    >
      {restored ? (
        <>
          <p>
            The copy was made {whenInSentence(restored, now)}. Plans, settings and repositories are as they
            were then; jobs since then are missing from the list, and their logs are kept. Your backups are
            not touched.
          </p>
          <p>Access tokens were removed; make those anew that you still use.</p>
        </>
      ) : (
        <p>There was no copy of them. Your backups are not touched: connect their repositories again.</p>
      )}
      {set_aside && (
        <p>
          The damaged file was kept: <code>{set_aside}</code>
        </p>
      )}
    </Problem>
  );
}
