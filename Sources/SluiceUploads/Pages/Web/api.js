// Talking to the server: the token, JSON answers, and problems as one kind of error. Moving a file's bytes lives in resumable.js.

/** The server said no, or that it cannot now. */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body?.detail ?? body?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body?.code ?? "";
    this.title = body?.title ?? "";
    this.remedy = body?.remedy ?? "";
    this.requestId = body?.requestId ?? "";
    /** Seconds; undefined where the server does not say. */
    this.retryAfter = retryAfter;
  }
}

/** The server was not reached, or the connection broke. */
export class NoConnection extends Error {
  constructor() {
    super("The server cannot be reached. Check your connection.");
  }
}

const key = "sluice.token";
/** In this tab alone, and gone with it. */
export const token = {
  get: () => sessionStorage.getItem(key) ?? "",
  set: (value) => (value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key)),
};

export const authorization = () => (token.get() ? { Authorization: `Bearer ${token.get()}` } : {});

/** Relative to the page, so that a proxy may serve it under any path. */
export const address = (...segments) => `api/v1/${segments.map(encodeURIComponent).join("/")}`;

/** @returns {Promise<Response>} */
export async function request(url, { method = "GET", json, headers = {}, patience = 30_000 } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { ...authorization(), ...(json ? { "Content-Type": "application/json" } : {}), ...headers },
      body: json ? JSON.stringify(json) : undefined,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new NoConnection();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function ask(url, options) {
  const response = await request(url, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    throw new NoConnection();
  }
}

async function problemOf(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    // A proxy's own page, or nothing: the status has to do.
  }
  return new Problem(response.status, body, seconds(response.headers.get("Retry-After")));
}

export const seconds = (text) => (/^\d+$/.test(text ?? "") ? Number(text) : undefined);

/** Saves what the server hands out under the name it belongs to. The token travels in a header, so a plain link cannot do this. */
export async function download(url, name) {
  const response = await request(url, { patience: 600_000 });
  let bytes;
  try {
    bytes = await response.blob();
  } catch {
    throw new NoConnection();
  }
  // Never shown in this page's origin: saved as bytes, whatever its type.
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
