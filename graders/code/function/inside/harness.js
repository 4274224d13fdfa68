"use strict";
// As harness.py, for JavaScript: calls the learner's function and writes what came of it to descriptor 3.
const fs = require("fs");
const vm = require("vm");

const RESULTS = 3;
const MAX_TEXT = 4000;

function say(record) {
  let data = Buffer.from(JSON.stringify(record) + "\n");
  while (data.length) data = data.subarray(fs.writeSync(RESULTS, data));
}

const TAGS = {
  $int: (text) => BigInt(text),
  $float: (text) => Number(text.replace("inf", "Infinity")),
  $bytes: (text) => new Uint8Array(Buffer.from(text, "base64")),
  $tuple: (items) => items.map(decoded),
  $set: (items) => new Set(items.map(decoded)),
  $frozenset: (items) => new Set(items.map(decoded)),
  $dict: (pairs) => new Map(pairs.map(([key, item]) => [decoded(key), decoded(item)])),
};

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && Object.hasOwn(TAGS, entries[0][0])) return TAGS[entries[0][0]](entries[0][1]);
  return Object.fromEntries(entries.map(([key, item]) => [key, decoded(item)]));
}

function encoded(value) {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (value === undefined) return { $undefined: true };
  if (typeof value === "number") return encodedNumber(value);
  if (typeof value === "bigint") return { $int: value.toString() };
  if (Array.isArray(value)) return Array.from(value, encoded);
  if (value instanceof Set) return { $set: Array.from(value, encoded) };
  if (value instanceof Map) return { $dict: Array.from(value, ([key, item]) => [encoded(key), encoded(item)]) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  return encodedObject(value);
}

function encodedNumber(value) {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $float: Object.is(value, -0) ? "-0.0" : String(value).replace("Infinity", "inf").toLowerCase() };
}

function encodedObject(value) {
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (typeof value === "object" && plain) {
    const entries = Object.entries(value);
    if (entries.every(([key]) => !key.startsWith("$")))
      return Object.fromEntries(entries.map(([key, item]) => [key, encoded(item)]));
    return { $dict: entries.map(([key, item]) => [key, encoded(item)]) };
  }
  return { $object: [value?.constructor?.name ?? typeof value, String(value).slice(0, 200)] };
}

function raised(error) {
  const names = [];
  for (let base = Object(error); base && names.length < 20; base = Object.getPrototypeOf(base))
    if (base.constructor?.name) names.push(base.constructor.name);
  const own = String(error?.stack ?? error).split("\n").filter((line) => !/\(?(node:|\/box\/harness\.js)/.test(line));
  return { raised: names, trace: own.join("\n").slice(0, MAX_TEXT) };
}

function load(name) {
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;
  globalThis.require = require;
  const script = new vm.Script(fs.readFileSync("/box/solution.js", "utf8"), { filename: "/box/solution.js" });
  script.runInThisContext();
  const exported = globalThis.module.exports; // `module` alone would be this file's own
  if (typeof exported === "function") return exported;
  return exported?.[name] ?? vm.runInThisContext(`typeof ${name} === "undefined" ? undefined : ${name}`);
}

function refusal(error) {
  return String(error.stack).split("\n    at ")[0].slice(0, MAX_TEXT);
}

async function called(fn, call) {
  const began = process.cpuUsage();
  let record;
  try {
    record = { returned: encoded(await fn(...decoded(call.args))) };
  } catch (error) {
    record = raised(error);
  }
  const used = process.cpuUsage(began);
  return { ...record, cpu: (used.user + used.system) / 1e6 };
}

async function main() {
  const request = JSON.parse(fs.readFileSync(0, "utf8"));
  let fn;
  try {
    fn = load(request.function);
  } catch (error) {
    const compiled = !(error instanceof SyntaxError);
    return say(compiled ? { broken: raised(error) } : { refused: refusal(error) });
  }
  if (typeof fn !== "function") return say({ missing: request.function });
  for (const call of request.cases) say(await called(fn, call));
  process.exit(0);
}

main();
