// Follows the decisions of a local API with the client of crowdsec-client, as a remediation component does.
// usage: node follow.js URL KEY; prints "added N" when it has N, and each later change.
import { BouncerClient } from "crowdsec-client";

const [url, apiKey] = process.argv.slice(2);
const client = new BouncerClient({ url, auth: { apiKey } });
await client.login();
const stream = client.Decisions.getStream({ interval: 200 });
const held = new Set();
let last = -1;
stream.on("added", (decision) => held.add(decision.value));
stream.on("deleted", (decision) => held.delete(decision.value));
stream.on("error", (error) => console.log(`error ${error}`));
stream.resume();
setInterval(() => {
  if (held.size !== last) {
    last = held.size;
    console.log(`held ${last} ${held.has("203.0.113.77")}`);
  }
}, 50);
