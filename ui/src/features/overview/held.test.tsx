import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { expectNoFaults, open } from "../../test/screen";

const title = "Home folder: many files are gone";

it("a plan that lost half of its files is the first thing told, and let go by a person's word", async () => {
  const { user } = open("collapsed");
  const held = await screen.findByRole("group", { name: title });
  expect(within(held).getByText(/had 667,941 files and has 210,388 files now/)).toBeVisible();
  expect(screen.getByRole("heading", { name: "Look at Home folder" })).toBeVisible();
  await expectNoFaults();
  await user.click(within(held).getByRole("button", { name: "That is as it should be" }));
  await waitFor(() => expect(held).not.toBeInTheDocument());
  expect(screen.getByRole("heading", { name: "Everything is protected" })).toBeVisible();
});

it("its job says what happened, and stays completed", async () => {
  const { user } = open("collapsed");
  const held = await screen.findByRole("group", { name: title });
  await user.click(within(held).getByRole("link", { name: "See the job" }));
  const problem = await screen.findByRole("group", {
    name: "Home folder had 667,941 files and has 210,388 files now",
  });
  expect(within(problem).getByText(/no older archive is pruned until you have looked/)).toBeVisible();
  expect(within(problem).queryByRole("button", { name: "Try again" })).toBeNull();
  await expectNoFaults();
  const right = within(problem).getByRole("button", { name: "That is as it should be" });
  await user.click(right);
  await waitFor(() => expect(right).not.toBeInTheDocument());
});
