import { hrefOf } from "../../app/router";
import { useNow } from "../../app/useNow";
import { LinkButton } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { PathText } from "../../components/PathText";
import { Problem } from "../../components/Problem";
import { counted } from "../../format/count";
import { shortList } from "../../format/list";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { when, whenInSentence } from "../../format/time";
import type { Repository, RepositoryHealth } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { usePlans, useRepositories } from "../plans/queries";
import { placeIcon } from "../plans/route";
import { encryptionFact, hasKey, lockFact } from "./health";
import { useHealthOfAll } from "./queries";
import "../../components/status.css";
import "./repositories.css";

/** Every repository: where it is, how large, whether its key is safe and nothing locks it. */
export function RepositoriesScreen() {
  const { data, isPending, error } = useRepositories();
  const repositories = data ?? [];
  const health = useHealthOfAll(repositories);
  return (
    <>
      <header className="page-head">
        <h1>Repositories</h1>
        <span className="hint num">
          {repositories.length > 0 && counted(repositories.length, "repository", "repositories")}
        </span>
        <div className="actions">{repositories.length > 0 && <ConnectLink />}</div>
      </header>
      <div className="scroll">
        {error ? (
          <div className="list-problem">
            <Problem live title="The repositories could not be read" hints={PlatformError.from(error).hints}>
              {PlatformError.from(error).message}
            </Problem>
          </div>
        ) : isPending ? (
          <div aria-busy="true" />
        ) : repositories.length === 0 ? (
          <Empty icon="repositories" title="No repository yet" action={<ConnectLink />}>
            A repository is where Borg keeps archives. Connect one that you have already.
          </Empty>
        ) : (
          <div className="content">
            <ul className="card repo-list" aria-label="Repositories">
              {repositories.map((each, n) => (
                <Row key={each.id} repository={each} health={health[n] ?? null} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </>
  );
}

function ConnectLink() {
  return (
    <LinkButton kind="primary" href={hrefOf({ screen: "repositories", repository: "connect" })}>
      <Icon name="plus" size={14} />
      Connect a repository…
    </LinkButton>
  );
}

function Row({ repository, health }: { repository: Repository; health: RepositoryHealth | null }) {
  const now = useNow(false);
  const plans = usePlans().filter((plan) => plan.repository.id === repository.id);
  const newest = health?.sizes.at(-1);
  const lock = health && lockFact(health.lock, false, now);
  const encryption = encryptionFact(repository);
  const exported = repository.key_exported_at;
  return (
    <li>
      <a href={hrefOf({ screen: "repositories", repository: repository.id })}>
        <Icon name={placeIcon(repository.path)} />
        <span className="repo-what">
          <span className="row">
            <span className="strong trunc">{repository.name}</span>
            {lock?.tone && (
              <span className="badge" data-status={lock.tone} title={lock.hint}>
                <Icon name="lock" size={14} />
                {lock.value}
              </span>
            )}
          </span>
          <span className="hint mono repo-path">
            <PathText path={repository.path} />
          </span>
        </span>
        <span className="repo-plans">
          <span className="trunc">{plans.length > 0 ? counted(plans.length, "plan") : "No plan"}</span>
          <span className="hint trunc" title={plans.map((plan) => plan.name).join("\n")}>
            {shortList(
              plans.map((plan) => plan.name),
              2,
            )}
          </span>
        </span>
        <span className="repo-key">
          <span className="trunc" data-status={encryption.tone}>
            {encryption.value}
          </span>
          {hasKey(repository) && (
            <span className="hint trunc" data-status={exported ? undefined : "completed_with_warnings"}>
              {exported ? `Key exported ${whenInSentence(exported, now)}` : "Key never exported"}
            </span>
          )}
        </span>
        <span className="repo-size num">
          <span className="strong">{newest ? size(newest.deduplicated_size) : NONE}</span>
          <span className="hint">{newest ? when(newest.at, now) : "Not measured yet"}</span>
        </span>
        <Icon name="chev-r" size={14} />
      </a>
    </li>
  );
}
