// What npm @learninglocker/xapi-validation says of statements, one a line on standard input: a JSON list of warnings for each.
// node validate.cjs NODE_MODULES
const { createRequire } = require("module");
const { join } = require("path");
const { createInterface } = require("readline");

const theirs = createRequire(join(process.argv[2], "here.js"));
const validate = theirs("@learninglocker/xapi-validation").default;
createInterface({ input: process.stdin }).on("line", (line) => {
  const warnings = validate(JSON.parse(line));
  console.log(JSON.stringify(warnings.map((one) => `${one.constructor.name} ${(one.path || []).join(".")}`)));
});
