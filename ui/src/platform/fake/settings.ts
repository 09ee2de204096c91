/** Settings, the system and the HTTP door of the fake platform. */
import type { BorgFound } from "../bindings";
import { badArgument, type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";

const FOUND: BorgFound = { version: "1.4.1", path: "/usr/bin/borg", problem: null, install_command: null };
/** The port another program has already. */
const TAKEN = 8080;

export type SettingsOperations = Pick<
  Handlers,
  | "get_settings"
  | "change_settings"
  | "get_system"
  | "get_http_access"
  | "change_http_access"
  | "list_access_tokens"
  | "create_access_token"
  | "revoke_access_token"
>;

export function settingsOperations(
  state: Scenario,
  now: () => Date,
  changed: () => void,
): SettingsOperations {
  return {
    get_settings: () => state.settings,
    change_settings: ({ borg_path, ...rest }) => {
      const next = { ...state.settings, ...rest };
      if (next.lanes < 1 || next.lanes > 16) {
        throw badArgument("lanes", `lanes must be 1 to 16, not ${next.lanes}.`);
      }
      if (next.lock_wait_minutes < 0 || next.lock_wait_minutes > 1440) {
        throw badArgument(
          "lock_wait_minutes",
          `lock_wait_minutes must be 0 to 1440, not ${next.lock_wait_minutes}.`,
        );
      }
      if (next.quiet_hours && next.quiet_hours.from === next.quiet_hours.until) {
        throw badArgument("quiet_hours", "Quiet hours must end at another time than they begin.");
      }
      if (borg_path !== undefined) {
        if (borg_path !== "" && !borg_path.startsWith("/"))
          throw badArgument("borg_path", `${borg_path} is not a full path.`);
        next.borg_path = borg_path || null;
        state.system = { ...state.system, borg: borgAt(next.borg_path) };
      }
      state.settings = next;
      changed();
      return next;
    },
    get_system: () => state.system,
    get_http_access: () => state.http,
    change_http_access: ({ enabled, port = state.http.port }) => {
      if (port < 1024 || port > 65535)
        throw badArgument("port", `The port must be 1024 to 65535, not ${port}.`);
      const address = `http://127.0.0.1:${port}`;
      const problem =
        enabled && port === TAKEN ? `Port ${port} is used by another program. Choose another port.` : null;
      const curl = `curl -H 'Authorization: Bearer TOKEN' ${address}/api/backup/jobs`;
      state.http = { enabled, port, address, problem, curl };
      return state.http;
    },
    list_access_tokens: () => ({ tokens: state.tokens }),
    create_access_token: ({ name }) => {
      if (name.trim() === "") throw badArgument("name", "A name is missing.");
      const id = Math.max(0, ...state.tokens.map((token) => token.id)) + 1;
      const made = { id, name: name.trim(), created_at: now().toISOString() };
      state.tokens = [...state.tokens, made];
      return { ...made, token: `${id}f`.repeat(32).slice(0, 64) };
    },
    revoke_access_token: ({ id }) => {
      if (state.tokens.every((token) => token.id !== id))
        throw refused("not_found", `There is no access token ${id}.`);
      state.tokens = state.tokens.filter((token) => token.id !== id);
      return {};
    },
  };
}

/** Any path ending in `borg` holds one; the folder of old ones holds one that is too old. */
function borgAt(path: string | null): BorgFound {
  if (path === null) return FOUND;
  const none = { version: null, path: null, install_command: null };
  if (path.startsWith("/opt/old/"))
    return { ...none, problem: `Borg at ${path} is version 1.1.9. Alcove needs 1.2 or newer.` };
  if (path.endsWith("borg")) return { ...FOUND, path };
  return { ...none, problem: `There is no Borg at ${path}.` };
}
