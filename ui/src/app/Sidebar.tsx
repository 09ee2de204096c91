import { Icon } from "../components/Icon";
import { Progress } from "../components/Progress";
import { Ring } from "../components/Ring";
import { isSafe, jobName, jobPercent, PHASE_LABEL } from "../features/jobs/job";
import { usePlans, useRepositoryName, useSystem } from "../features/plans/queries";
import { counted } from "../format/count";
import { Brand } from "./Brand";
import { useQueue } from "./queue";
import { hrefOf, type Route } from "./router";

export const SCREENS = [
  { screen: "overview", label: "Overview", icon: "overview", href: hrefOf({ screen: "overview" }) },
  { screen: "jobs", label: "Jobs", icon: "jobs", href: hrefOf({ screen: "jobs", job: null }) },
  {
    screen: "repositories",
    label: "Repositories",
    icon: "repositories",
    href: hrefOf({ screen: "repositories", repository: null }),
  },
  { screen: "plans", label: "Plans", icon: "plans", href: hrefOf({ screen: "plans", plan: null }) },
  { screen: "settings", label: "Settings", icon: "settings", href: hrefOf({ screen: "settings" }) },
] as const;

export function Sidebar({ route }: { route: Route }) {
  const failed = usePlans().filter((plan) => plan.enabled && plan.last_job?.status === "failed").length;
  const attention = failed > 0 ? `${counted(failed, "plan needs", "plans need")} attention` : "";
  return (
    <nav className="sidebar" aria-label="Main" data-region="sidebar">
      <Brand />
      <div className="nav">
        {SCREENS.map(({ screen, label, icon, href }) => {
          const current = route.screen === screen;
          const marked = screen === "overview" && failed > 0;
          return (
            <a
              key={screen}
              className={screen === "settings" ? "apart" : undefined}
              href={href}
              title={marked ? `${label}: ${attention}` : label}
              aria-label={label}
              aria-description={marked ? attention : undefined}
              aria-current={current ? "page" : undefined}
            >
              <Icon name={icon} />
              <span>{label}</span>
              {marked && <span className="count">{failed}</span>}
            </a>
          );
        })}
      </div>
      <div className="side-foot">
        <Queue />
        <Versions />
      </div>
    </nav>
  );
}

/** What runs and what waits, in the corner of every screen. */
function Queue() {
  const { running, waiting } = useQueue();
  const nameOf = useRepositoryName();
  const first = running[0] ?? waiting[0];
  if (!first) return null;
  // Once the backup is safe, what goes on is its maintenance.
  const safe = isSafe(first);
  const percent = safe ? first.phase_percent : first.active ? jobPercent(first) : null;
  const figure = safe ? PHASE_LABEL[first.phase] : percent === null ? "" : `${percent}%`;
  const parts = [
    running.length > 0 && `${running.length} running`,
    waiting.length > 0 && `${waiting.length} waiting`,
  ].filter(Boolean);
  const name = jobName(first, nameOf(first.repository));
  return (
    <a
      className="queue"
      href={hrefOf({ screen: "jobs", job: first.id })}
      title={`${name}: ${parts.join(", ")}`}
    >
      <span className="sr">Queue: </span>
      <div className="line">
        {first.active ? <Ring percent={percent} size={14} /> : <Icon name="st-pending" size={14} />}
        <span className="label trunc">{name} </span>
        <span className="num">{figure}</span>
      </div>
      {first.active && <Progress percent={percent} />}
      <div className="sub">{parts.join(", ")}</div>
    </a>
  );
}

function Versions() {
  const { data } = useSystem();
  if (!data) return null;
  return (
    <div className="version">
      <span>Alcove {data.alcove_version}</span>
      <span>{data.borg.version ? `Borg ${data.borg.version}` : "No Borg"}</span>
    </div>
  );
}
