// inkjs: ink in JavaScript. Compiles the story, keeps it for the other runtime of ink, and plays the walks.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { best, version } from "./timing.mjs";

const require = createRequire(process.env.NODE_PATH + "/");
const { Compiler, Story } = require("inkjs/full");
const work = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const compile = () => new Compiler(work.ink).Compile().ToJson();

const compiled = compile();
if (work.compiled) writeFileSync(work.compiled, compiled);
const told = new Story(compiled);

function play() {
  const ended = [];
  for (const walk of work.walks) {
    told.ResetState();
    const spoken = [told.ContinueMaximally()];
    for (const index of walk.among_open) {
      told.ChooseChoiceIndex(index);
      spoken.push(told.ContinueMaximally());
    }
    ended.push(told.variablesState.trust);
  }
  return ended;
}

const measured = work.compiling ? best(compile, work.seconds) : best(play, work.seconds);
console.log(JSON.stringify({ version: version("inkjs"), trust: play(), seconds: measured }));
