import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open } from "../../test/screen";

/** What the engine makes of hostile names: markup stays as it is, what steers is already an escape in the text. */
const MARKUP = '<img src=x onerror="document.title=1"><script>1</script>';
const NAME = `${MARKUP} evil\\u202efdp.exe red \\x1b[31m &amp; {"a": 1}`;

/** A failed job whose every word is somebody else's. */
function openHostile() {
  const opened = open("overview", "#/jobs");
  const failed = opened.platform.state.jobs.find((job) => job.status === "failed");
  if (!failed) throw new Error("The overview has a failed job");
  Object.assign(failed, {
    plan_name: NAME,
    archive_name: NAME,
    error_code: "borg_failed",
    error_message: `${NAME}.`,
  });
  for (const plan of opened.platform.state.plans) if (plan.id === failed.plan) plan.name = NAME;
  window.location.hash = `#/jobs/${failed.id}`;
  return { ...opened, failed };
}

function expectNoMarkup() {
  expect(document.querySelector('[src="x"], [onerror]')).toBeNull();
  expect(document.title).not.toBe("1");
}

describe("a name that is not meant well", () => {
  it("is text in the log, every character of it", async () => {
    openHostile();
    const lines = await screen.findAllByTestId("log-line");
    const texts = lines.map((line) => line.querySelector(".log-text")?.textContent);
    expect(texts).toContain(`${NAME}.`);
    expectNoMarkup();
  });

  it("is text in the log also where a search marks it", async () => {
    const { user } = openHostile();
    await screen.findAllByTestId("log-line");
    await user.type(screen.getByRole("searchbox", { name: "Search log" }), "<script>");
    const marks = await screen.findAllByText("<script>", { selector: "mark" });
    expect(marks.length).toBeGreaterThan(0);
    expectNoMarkup();
  });

  it("is text in the table of jobs and in the panel beside it", async () => {
    const { failed } = openHostile();
    const rows = await screen.findAllByTestId("job-row");
    const row = rows.find((each) => each.dataset.job === String(failed.id)) as HTMLElement;
    expect(row.querySelector(".c-plan")?.textContent).toContain(NAME);
    const panel = await screen.findByRole("complementary", { name: "Job details" });
    expect(within(panel).getAllByText((text) => text.includes(MARKUP)).length).toBeGreaterThan(0);
    expectNoMarkup();
  });
});
