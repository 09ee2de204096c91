/** Repositories that another program made: looked at and taken over on the fake platform. */
import type { InspectedRepository, InspectRepository } from "../bindings";
import { FAKE_NOW, repository as newRepository } from "./jobs";
import { LEFT_OUT, planOperations } from "./plans";
import { type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const DAY = 86_400_000;
const before = (days: number) => new Date(FAKE_NOW.getTime() - days * DAY).toISOString();

export type AdoptOperations = Pick<Handlers, "inspect_repository" | "adopt_repository">;

export function adoptOperations(state: Scenario, changed: () => void, now: () => Date): AdoptOperations {
  const inspect = ({
    repository: location,
    passphrase,
    confirm = [],
  }: InspectRepository): InspectedRepository => {
    if (passphrase === "wrong") {
      throw refused("passphrase_wrong", "This passphrase does not open the repository.");
    }
    if (location.endsWith("/plain") && !confirm.includes("unencrypted")) {
      throw refused(
        "repository_unconfirmed",
        "The repository is not encrypted and Borg has not seen it on this computer before.",
      );
    }
    const known = state.repositories.find((each) => each.path === location);
    return {
      path: location,
      borg_id: "7".repeat(64),
      encryption: "repokey-blake2",
      archives: 212,
      oldest: before(400),
      last_good: before(1),
      files_remembered: true,
      plan: {
        archive: "thinkpad-2026-03-11T18:00:02",
        series_prefix: "thinkpad-",
        series_rest: "{now}",
        series_archives: 210,
        source_directories: [`${state.system.home_folder}/Documents`, `${state.system.home_folder}/Pictures`],
        exclude_patterns: LEFT_OUT,
        compression: "zstd,3",
        chunker_params: null,
        one_file_system: false,
        differences: ["The backup also read a database through a pipe; the plan reads files alone."],
      },
      known_as: known?.name ?? null,
      note: "Archives made before stay; prune never touches them.",
    };
  };
  return {
    inspect_repository: (args) => inspect(args),
    adopt_repository: async (args) => {
      const found = inspect(args);
      if (found.known_as) {
        throw refused("repository_exists", `Alcove knows this repository as ${found.known_as}.`);
      }
      const id = Math.max(0, ...state.repositories.map((each) => each.id)) + 1;
      const repository = { ...newRepository(id, args.name, found.path), borg_id: found.borg_id };
      state.repositories = [...state.repositories, repository];
      const sources = args.source_directories ?? found.plan?.source_directories ?? [];
      const made =
        sources.length > 0
          ? await planOperations(state, changed, now).create_plan({
              repository: id,
              name: args.plan_name ?? "Backup",
              source_directories: sources,
              exclude_patterns: args.exclude_patterns ?? LEFT_OUT,
              ...(args.compression && { compression: args.compression }),
              ...(args.keep && { keep: args.keep, compact: args.compact ?? true }),
            })
          : null;
      changed();
      return {
        success: true,
        repository,
        plan: made?.plan ?? null,
        passphrase_remembered: args.remember_passphrase ?? false,
      };
    },
  };
}
