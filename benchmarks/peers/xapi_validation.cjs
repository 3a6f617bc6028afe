// Judges xAPI statements, a line each, with @learninglocker/xapi-validation; and the same ones spoilt, which it must not let through.
// node xapi_validation.cjs FILE -> {"statements", "warnings", "first", "spoilt", "control"}
const fs = require("node:fs");
const readline = require("node:readline");
const { default: validate } = require("@learninglocker/xapi-validation");

const SPOIL = [
  (one) => { one.id = "not-a-uuid"; },
  (one) => { delete one.verb; },
  (one) => { one.actor.account.homePage = "no address"; },
  (one) => { one.timestamp = "yesterday"; },
  (one) => { one.surprise = true; },
  (one) => { one.object.id = "no address"; },
];

async function main(file) {
  const told = { statements: 0, warnings: 0, first: "", spoilt: 0, control: 0 };
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    const warnings = validate(JSON.parse(line));
    told.warnings += warnings.length;
    told.first ||= warnings.length ? JSON.stringify(warnings[0]) + line : "";
    const worse = JSON.parse(line);
    SPOIL[told.statements % SPOIL.length](worse);
    told.spoilt += 1;
    told.control += validate(worse).length > 0 ? 1 : 0;
    told.statements += 1;
  }
  console.log(JSON.stringify(told));
}

main(process.argv[2]);
