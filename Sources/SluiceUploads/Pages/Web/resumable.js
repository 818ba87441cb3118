// Sends one file in chunks (tus 1.0.0) and goes on where it was when the connection comes back, also after the page was loaded anew.
// What the person sees of it lives in sending.js.

import { Problem, NoConnection, address, ask, authorization, request, seconds } from "./api.js";

/** Files up to this size go with the request that announces them: one round trip less. */
const oneRequest = 256 * 1024;
const firstChunk = 512 * 1024;
const smallestChunk = 128 * 1024;
const largestChunk = 8 * 1024 * 1024;
/** A transfer of which nothing more is heard for so long is given up and resumed; an answer may take the inspection's time on top. */
const silence = 30_000;
const answerTime = 120_000;

/** The browser can no longer read the file. */
export class Unreadable extends Error {
  constructor() {
    super("The file was changed, moved or deleted while it was being sent.");
    this.remedy = "Choose it again.";
  }
}

/** The person stopped it. */
export class Stopped extends Error {}

/**
 * @param {File} file
 * @param {{ticket: string, category: string, comment: string}} claims
 * @param {{onProgress: (sent: number) => void, onState: (state: "sending"|"checking"|"waiting", about?: {reason: Error, until: number, wake: () => void}) => void, signal: AbortSignal}} watch
 * @returns {Promise<object>} the attachment, as the server tells it
 */
export async function send(file, claims, watch) {
  const memory = remember(file, claims.ticket);
  let upload = memory.get();
  let offset = null;
  let chunk = firstChunk;
  let cut = false;
  let failures = 0;
  let beginnings = 0;
  for (;;) {
    try {
      if (watch.signal.aborted) throw new Stopped();
      watch.onState("sending");
      if (upload === null) {
        if (++beginnings > 3) throw new Problem(500, { detail: "The server lost this upload several times." });
        ({ upload, offset } = await begin(file, claims, watch));
        memory.set(upload);
      } else if (offset === null) {
        offset = await whereItStands(upload);
      }
      watch.onProgress(offset);
      while (offset < file.size) {
        const started = performance.now();
        offset = await pass(file, upload, offset, chunk, watch);
        failures = 0;
        watch.onProgress(offset);
        chunk = fitted(chunk, performance.now() - started);
      }
      const attachment = await decision(upload, file, watch);
      memory.set(null);
      // The answer to the first attempt was lost on the way: for the sender it is the same attachment, not a second one.
      if (cut && attachment.outcome === "duplicate") attachment.outcome = attachment.verdict ?? "accepted";
      return attachment;
    } catch (error) {
      if (watch.signal.aborted) {
        if (upload !== null) giveUp(upload);
        memory.set(null);
        throw new Stopped();
      }
      offset = null;
      cut = true;
      if (error instanceof Problem && upload !== null && (error.status === 404 || error.status === 410)) {
        upload = null;
        memory.set(null);
        continue;
      }
      if (!passes(error)) {
        memory.set(null);
        throw error;
      }
      chunk = Math.max(smallestChunk, chunk / 2);
      await pause(error, failures++, watch);
    }
  }
}

/** Whether trying again can help without anybody changing anything. */
function passes(error) {
  if (error instanceof NoConnection) return true;
  if (!(error instanceof Problem)) return false;
  return [408, 409, 423, 429, 460, 500, 502, 503, 504].includes(error.status);
}

function fitted(chunk, milliseconds) {
  if (milliseconds < 400) return Math.min(largestChunk, chunk * 2);
  if (milliseconds > 6_000) return Math.max(smallestChunk, chunk / 2);
  return chunk;
}

async function begin(file, claims, watch) {
  const metadata = { filename: file.name, ticket: claims.ticket, category: claims.category, comment: claims.comment, filetype: file.type };
  const headers = {
    "Upload-Length": String(file.size),
    "Upload-Metadata": Object.entries(metadata).filter(([, value]) => value).map(([name, value]) => `${name} ${base64(value)}`).join(","),
  };
  const body = file.size <= oneRequest ? file : null;
  const answer = await transfer("POST", address("uploads"), headers, body, watch, 0, file.size);
  const upload = (answer.header("Location") ?? "").split(/[?#]/)[0].split("/").filter(Boolean).pop();
  if (!upload) throw new Problem(502, { detail: "The server did not say where to send the bytes." });
  return { upload, offset: Number(answer.header("Upload-Offset") ?? 0) };
}

async function whereItStands(upload) {
  const response = await request(address("uploads", upload), { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  return Number(response.headers.get("Upload-Offset"));
}

async function pass(file, upload, offset, chunk, watch) {
  const bytes = file.slice(offset, offset + chunk);
  const answer = await transfer("PATCH", address("uploads", upload), { "Upload-Offset": String(offset) }, bytes, watch, offset, file.size);
  return Number(answer.header("Upload-Offset"));
}

/** The attachment; where the server has all bytes and could not decide yet, an empty PATCH asks it to. */
async function decision(upload, file, watch) {
  watch.onState("checking");
  let state = await ask(address("uploads", upload));
  if (!state.attachment) {
    await transfer("PATCH", address("uploads", upload), { "Upload-Offset": String(file.size) }, new Blob(), watch, file.size, file.size);
    state = await ask(address("uploads", upload));
  }
  if (!state.attachment) throw new Problem(503, { detail: "The server has not decided yet." });
  return state.attachment;
}

function giveUp(upload) {
  request(address("uploads", upload), { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => {
    // It expires by itself.
  });
}

/** One request whose progress is heard: fetch does not tell how much it has sent, so XMLHttpRequest does it. */
async function transfer(method, url, headers, body, watch, from, total) {
  // A request whose body cannot be read fails like a lost connection; reading a byte first tells the two apart.
  if (body && body.size > 0) await body.slice(0, 1).arrayBuffer().catch(() => { throw new Unreadable(); });
  return new Promise((resolve, reject) => {
    const exchange = new XMLHttpRequest();
    let timer;
    const listen = (patience) => {
      clearTimeout(timer);
      timer = setTimeout(() => exchange.abort(), patience);
    };
    const stop = () => exchange.abort();
    const end = (settle, value) => {
      clearTimeout(timer);
      watch.signal.removeEventListener("abort", stop);
      window.removeEventListener("offline", stop);
      settle(value);
    };
    exchange.open(method, url);
    const all = { ...authorization(), "Tus-Resumable": "1.0.0", ...headers };
    if (body) all["Content-Type"] = "application/offset+octet-stream";
    for (const [name, value] of Object.entries(all)) exchange.setRequestHeader(name, value);
    exchange.upload.onprogress = (event) => {
      listen(silence);
      if (body) watch.onProgress(Math.min(from + event.loaded, total));
    };
    exchange.upload.onload = () => {
      listen(answerTime);
      if (body && from + body.size >= total) watch.onState("checking");
    };
    exchange.onload = () => {
      if (exchange.status >= 200 && exchange.status < 300) {
        return end(resolve, { header: (name) => exchange.getResponseHeader(name) });
      }
      let told = null;
      try {
        told = JSON.parse(exchange.responseText);
      } catch {
        // Not ours, perhaps a proxy's page: the status has to do.
      }
      return end(reject, new Problem(exchange.status, told, seconds(exchange.getResponseHeader("Retry-After"))));
    };
    exchange.onerror = exchange.onabort = () => end(reject, new NoConnection());
    watch.signal.addEventListener("abort", stop);
    window.addEventListener("offline", stop);
    listen(silence);
    exchange.send(body);
  });
}

/** Waits longer each time, up to 20 s; the network's return or the person ends it at once. */
function pause(reason, failures, watch) {
  const ordinary = Math.min(20, 2 ** failures) * (0.75 + Math.random() / 2);
  const length = Math.max(reason.retryAfter ?? 0, ordinary) * 1_000;
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      watch.signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, length);
    window.addEventListener("online", wake);
    watch.signal.addEventListener("abort", wake);
    watch.onState("waiting", { reason, until: Date.now() + length, wake });
  });
}

/** Which upload this file was on, kept by the browser so that choosing the file again goes on with it. */
function remember(file, ticket) {
  const key = `sluice.upload:${ticket}:${file.size}:${file.lastModified}:${file.name}`;
  return {
    get() {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(upload) {
      try {
        if (upload === null) localStorage.removeItem(key);
        else if (file.size > oneRequest) localStorage.setItem(key, upload);
      } catch {
        // No storage: only resuming after a reload is lost.
      }
    },
  };
}

/** Whether a part of this file is on the server from an earlier time. */
export const isUnfinished = (file, ticket) => remember(file, ticket).get() !== null;

function base64(text) {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
