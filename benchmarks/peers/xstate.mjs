// xstate: statecharts in JavaScript, one state for each scene, guards for conditions, context for variables.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { best, version } from "./timing.mjs";

const require = createRequire(process.env.NODE_PATH + "/");
const { assign, createActor, createMachine } = require("xstate");
const { story, walks, seconds } = JSON.parse(readFileSync(process.argv[2], "utf-8"));

const clamp = (name, value) => Math.max(0, Math.min(story.most[name], value));

function changes(answer) {
  return assign(({ context }) => {
    const after = {};
    for (const name in answer.feel) after[name] = clamp(name, context[name] + answer.feel[name]);
    if (answer.settled !== null) after.settled = answer.settled;
    return after;
  });
}

function transition(answer) {
  const made = { target: answer.go === null ? "over" : `s${answer.go}`, actions: changes(answer) };
  if (answer.condition) made.guard = ({ context }) => context.trust > 2 || context.settled;
  return made;
}

const states = { over: { type: "final" } };
story.parts.forEach((part, number) => {
  states[`s${number}`] = { on: Object.fromEntries(part.answers.map((answer) => [answer.id, transition(answer)])) };
});
const machine = createMachine({ id: "story", initial: "s0", context: { ...story.start, settled: false }, states });
const events = [0, 1, 2, 3].map((number) => ({ type: `r${number}` }));

function play() {
  return walks.map((walk) => {
    const actor = createActor(machine).start();
    const spoken = [story.parts[0].say];
    for (const reply of walk.replies) {
      actor.send(events[reply]);
      const { value } = actor.getSnapshot();
      if (value !== "over") spoken.push(story.parts[Number(value.slice(1))].say);
    }
    return actor.getSnapshot().context.trust;
  });
}

console.log(JSON.stringify({ version: version("xstate"), trust: play(), seconds: best(play, seconds) }));
