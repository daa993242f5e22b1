// Calls a running appliance through the client that is generated from openapi/blackwall.yaml:
// node dist/call.js URL KEY. Prints one line for each thing that worked; the exit code is not 0 when something did not.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./blackwall.js";

type Verdict = components["schemas"]["Verdict"];

const [baseUrl, key] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
const drop: Verdict = "drop";

const made = await api.POST("/api/v1/rules", { body: { scope: "203.0.113.9", verdict: drop, ttlSeconds: 60 } });
assert.equal(made.response.status, 201);
const rule = made.data as components["schemas"]["DecisionBody"];
assert.equal(rule.verdict, "drop");
console.log("a rule is made");

const list = await api.GET("/api/v1/rules", { params: { query: { limit: 10, verdict: "drop" } } });
assert.equal(list.data?.items[0]?.scope, "203.0.113.9");
console.log("rules are listed");

const read = await api.GET("/api/v1/rules/{id}", { params: { path: { id: rule.id } } });
const tag = read.response.headers.get("ETag");
assert.ok(tag);
const changed = await api.PUT("/api/v1/rules/{id}", {
  params: { path: { id: rule.id }, header: { "If-Match": tag } },
  body: { scope: "203.0.113.9", verdict: "rate-limit" },
});
assert.equal(changed.response.status, 200);
assert.equal((changed.data as components["schemas"]["DecisionBody"]).verdict, "rate-limit");
console.log("a rule is changed by its tag");

const asked = await api.POST("/api/v1/rules", { params: { query: { dryRun: true } }, body: { scope: "203.0.113.9", verdict: "pass" } });
assert.equal(asked.response.status, 202);
assert.equal((asked.data as components["schemas"]["PreviewBody"]).before?.verdict, "rate-limit");
console.log("a change is tried without making it");

const check = await api.POST("/api/v1/decisions/check", { body: { addresses: ["203.0.113.9", "203.0.113.10"] } });
assert.deepEqual(check.data?.items.map((item) => item.verdict), ["rate-limit", "pass"]);
console.log("addresses are checked");

const refused = await api.POST("/api/v1/rules", { body: { scope: "127.0.0.1", verdict: "drop" } });
assert.equal(refused.error?.status, 409);
console.log("a refusal is a problem");

const reader = await api.POST("/api/v1/keys", { body: { name: "typescript", role: "viewer" } });
assert.ok(reader.data?.secret);
const viewer = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${reader.data.secret}` } });
assert.ok((await viewer.GET("/api/v1/stats")).data?.wall);
assert.deepEqual((await viewer.GET("/api/v1/keys")).error?.errors?.["scope"], ["keys:read"]);
console.log("a scoped key reads and no more");

const removed = await api.DELETE("/api/v1/rules/{id}", { params: { path: { id: rule.id } } });
assert.equal(removed.response.status, 204);
console.log("a rule is removed");
