import { useNow } from "../../app/useNow";
import { Button, IconButton } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Menu, MenuItem } from "../../components/Menu";
import { upcoming } from "../../format/time";
import { usePausedUntil, usePauseSchedules, usePlans, useResumeSchedules } from "../plans/queries";

/** That no plan runs by itself at the moment, and the way out. */
export function Paused() {
  const until = usePausedUntil();
  const now = useNow(until !== null);
  const resume = useResumeSchedules();
  if (until === null || new Date(until) <= now) return null;
  return (
    <div className="notice">
      <Callout icon="st-pending" tone="cancelled">
        <div className="paused">
          <span>
            No plan runs by itself until {upcoming(until, now)}. What is missed is made up for once; what you
            start runs.
          </span>
          <Button size="sm" disabled={resume.isPending} onClick={() => resume.mutate()}>
            Resume
          </Button>
        </div>
      </Callout>
    </div>
  );
}

/** Has no plan run by itself for a while, where one does. */
export function PauseMenu() {
  const scheduled = usePlans().some((plan) => plan.enabled && plan.schedule);
  const until = usePausedUntil();
  const now = useNow(until !== null);
  const pause = usePauseSchedules();
  if (!scheduled || (until !== null && new Date(until) > now)) return null;
  return (
    <Menu trigger={<IconButton label="Pause schedules" icon="more" kind="ghost" size="sm" />}>
      <MenuItem onClick={() => pause.mutate("hour")}>Pause schedules for an hour</MenuItem>
      <MenuItem onClick={() => pause.mutate("until_tomorrow")}>Pause schedules until tomorrow</MenuItem>
    </Menu>
  );
}
