import { useMutation } from "@tanstack/react-query";
import { Button } from "../../components/Button";
import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { Settings } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { SettingRow } from "./SettingRow";

/** Whether Alcove is there when nobody looks: what plans that run by themselves need. */
export function BackgroundGroup({ settings }: { settings: Settings }) {
  return (
    <SettingGroup
      title="Background"
      hint="Plans run by themselves only while Alcove runs. Both are on once a plan has a schedule, until you choose."
    >
      <SettingRow title="Keep running when the window is closed" hint="Start Alcove again to see the window">
        {(change, { id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={settings.background}
            onChange={(background) => change({ background })}
          />
        )}
      </SettingRow>
      <SettingRow title="Start when you log in" hint="Without a window">
        {(change, { id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={settings.start_at_login}
            onChange={(start_at_login) => change({ start_at_login })}
          />
        )}
      </SettingRow>
      <Quit />
    </SettingGroup>
  );
}

/** The way out for who has no tray. */
function Quit() {
  const platform = usePlatform();
  const quit = useMutation({ mutationFn: () => platform.call("quit", {}) });
  return (
    <Setting title="Quit Alcove" hint="Nothing runs by itself until it is started again">
      {({ id, description }) => (
        <Button
          id={id}
          size="sm"
          aria-label="Quit Alcove"
          aria-describedby={description}
          disabled={quit.isPending}
          onClick={() => quit.mutate()}
        >
          Quit
        </Button>
      )}
    </Setting>
  );
}
