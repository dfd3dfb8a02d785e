// Reads all that the API has of a person by the generated client, and prints how much it is.
import { client } from "./gen/client.gen.js";
import * as api from "./gen/index.js";

const [address, token, slug, month] = process.argv.slice(2);
if (!address || !token || !slug || !month) throw new Error("usage: read ADDRESS TOKEN SLUG MONTH");
client.setConfig({ baseUrl: `${address}/api/v1`, auth: token });

type Answer<T> = { data?: T; error?: unknown; response?: Response };

/** ask repeats a request for which there were too many. */
async function ask<T>(request: () => Promise<Answer<T>>): Promise<T> {
  for (;;) {
    const { data, error, response } = await request();
    if (data !== undefined) return data;
    if (response?.status !== 429) throw new Error(JSON.stringify(error));
    await new Promise((done) => setTimeout(done, 1000 * Number(response.headers.get("Retry-After"))));
  }
}

/** pages yields the items of all pages. */
async function* pages<T>(request: (cursor?: string) => Promise<Answer<{ data: T[]; next?: string }>>) {
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await ask(() => request(cursor));
    yield* page.data;
    cursor = page.next;
  }
}

type Counts = { [type: string]: number };

const person = (await ask(() => api.getPerson({ path: { slug } }))).data;
const records: Counts = {};
const present: Counts = {};
for (const type of (await ask(() => api.listTypes())).data) {
  if (!type.records) continue;
  const path = { slug, type: type.type as api.ListRecordsData["path"]["type"] };
  for await (const record of pages((cursor) => api.listRecords({ path, query: { cursor, limit: 300 } }))) {
    records[record.type] = (records[record.type] ?? 0) + 1;
  }
}
for await (const day of pages((cursor) => api.listCoverage({ path: { slug }, query: { cursor, limit: 5000 } }))) {
  if (day.records > 0) present[day.type] = (present[day.type] ?? 0) + day.records;
}

let metrics = 0;
for await (const day of pages((cursor) => api.listMetrics({ path: { slug }, query: { cursor, limit: 100 } }))) {
  metrics += Object.keys(day.values).length;
}

const heart = { slug, type: "dailies", name: "heart_rate" } as const;
const blocks = (await ask(() => api.getSeries({ path: heart, query: { from: `${month}-01`, to: `${month}-31` } }))).data;
let heartRates = 0;
for (const block of blocks) {
  if ("value" in block) heartRates += block.value.length;
}

const changed: Counts = {};
for (let cursor: string | undefined; ; ) {
  const page = await ask(() => api.listChanges({ query: { cursor, limit: 500 } }));
  if (page.data.length === 0) break;
  for (const change of page.data) {
    if ("records" in change && change.person_id === person.id) {
      changed[change.type] = (changed[change.type] ?? 0) + change.records.length;
    }
  }
  cursor = page.next;
}

console.log(JSON.stringify({ records, present, metrics, heartRates, changed }));
