import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import { App } from "../app/App";
import { FakePlatform } from "../platform/fake";
import { type ScenarioName, scenarios } from "../platform/fake/scenarios";

/** The whole window on a fake platform. */
export function open(scenario: ScenarioName, hash = "") {
  window.location.hash = hash;
  const platform = new FakePlatform(scenarios[scenario]());
  const view = render(<App platform={platform} />);
  return { platform, user: userEvent.setup(), ...view };
}

/** No accessibility fault that can be seen without layout. */
export async function expectNoFaults(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`)).toEqual([]);
}
