// What Node's own fetch does with an edge and the platform: node client.mjs DIR
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const task = JSON.parse(readFileSync(join(process.argv[2], "task.json"), "utf8"));
const auth = { Authorization: "Bearer " + task.token };
const half = Math.floor(task.length / 2);

function equal(found, wanted) {
  if (String(found) !== String(wanted)) throw new Error(`${found} where ${wanted} is right`);
}
function right(bytes) {
  equal(createHash("sha256").update(bytes).digest("hex"), task.sha256);
}
const get = (url, more = {}, method = "GET") => fetch(url, { method, headers: { ...auth, ...more } });
const bytes = async (answer) => Buffer.from(await answer.arrayBuffer());

const acts = {
  whole: async () => right(await bytes(await get(task.work))),
  range: async () => {
    const answer = await get(task.work, { Range: "bytes=100-199" });
    equal([answer.status, (await bytes(answer)).length], [206, 100]);
  },
  resume: async () => {
    const first = await get(task.work, { Range: `bytes=0-${half - 1}` });
    const begin = await bytes(first);
    const rest = await get(task.work, { Range: `bytes=${half}-`, "If-Range": first.headers.get("etag") });
    equal(rest.status, 206);
    right(Buffer.concat([begin, await bytes(rest)]));
  },
  conditional: async () => {
    const tag = (await get(task.work, {}, "HEAD")).headers.get("etag");
    equal((await get(task.work, { "If-None-Match": tag })).status, 304);
  },
  HEAD: async () => {
    const answer = await get(task.work, {}, "HEAD");
    equal([answer.status, answer.headers.get("content-length")], [200, task.length]);
  },
  empty: async () => {
    const answer = await get(task.empty, { Range: "bytes=0-" });
    equal([answer.status, (await bytes(answer)).length], [200, 0]);
  },
  upload: async () => {
    const answer = await fetch(task.uploads, {
      method: "POST",
      body: readFileSync(task.upload),
      headers: {
        Authorization: "Bearer " + task.api_key,
        "Tallystick-Manifest": task.manifest,
        "Content-Type": "application/octet-stream",
      },
    });
    equal(answer.status, 201);
  },
};
for (const [name, act] of Object.entries(acts)) {
  try {
    await act();
    console.log(name, "yes");
  } catch (problem) {
    console.log(name, "FAILED", String(problem).replaceAll("\n", " "));
  }
}
