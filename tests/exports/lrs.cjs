// A learning record store that no one here wrote (npm xapi-statements), in memory, on a port of this computer that it prints.
// node lrs.cjs NODE_MODULES FOLDER; it ends with its standard input.
const { createRequire } = require("module");
const { join } = require("path");

const [, , modules, folder] = process.argv;
const theirs = createRequire(join(modules, "here.js"));
const of = (name) => theirs(`xapi-statements/dist/${name}`).default;

Object.assign(process.env, {
  AUTH_REPO: "test",
  EVENTS_REPO: "test",
  MODELS_REPO: "memory",
  STORAGE_REPO: "local",
  FS_LOCAL_STORAGE_DIR: folder,
  SERVICE_AWAIT_UPDATES: "true",
  AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1",
});

const silent = { error() {}, warn() {}, info() {}, debug() {}, silly() {} };
const presenter = of("expressPresenter")({
  bodyParserLimit: "5mb",
  customRoute: "status",
  customRouteText: "ok",
  morganDirectory: folder,
  service: of("serviceFactory")(),
  tracker: of("tracker"),
  translator: of("translatorFactory")(),
  logger: silent,
});

const app = theirs("express")();
app.use("/xAPI/statements", presenter.statementsRouter);
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
