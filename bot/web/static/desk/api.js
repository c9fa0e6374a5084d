import { ApiError, pause } from "../widget/api.js";
import { setClock } from "./time.js";

export { ApiError };

const PATIENCE = 20_000; // ms
const SENTENCES = {
  0: "There is no connection to the server.",
  403: "You may not do that.",
  404: "That is not there any more.",
  413: "That is too large.",
  429: "That was too often. Wait a moment.",
};

/** Asks for something; parameters without a value are left out. */
export function get(path, parameters = {}) {
  const filled = Object.entries(parameters).filter(([, value]) => value);
  const query = new URLSearchParams(filled).toString();
  return request(query ? `${path}?${query}` : path);
}

/** Changes something; a File goes as a form, anything else as JSON. */
export function post(path, body = {}, method = "POST") {
  const headers = { "X-CSRF-Token": cookie("makegood_csrf") };
  if (!(body instanceof File)) {
    headers["Content-Type"] = "application/json";
    return request(path, { method, headers, body: JSON.stringify(body) });
  }
  const form = new FormData();
  form.append("file", body);
  return request(path, { method, headers, body: form, signal: undefined });
}

/** Opens the event stream. */
export function events(parameters, signal) {
  const query = new URLSearchParams(parameters);
  return fetchFrom(`events?${query}`, { signal, headers: { Accept: "text/event-stream" } });
}

/** Where an image of the API lies. */
export function address(path) {
  return new URL(`/api/desk/${path}`, location.href).href;
}

/**
 * Calls until it succeeds, is refused, or `tries` are used up.
 *
 * Only for what the server recognises when it comes twice. `told(true)` while it waits.
 */
export async function persist(call, { tries = 4, told = () => {} } = {}) {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!error.temporary || failures >= tries) throw error;
      told(true);
      await pause(failures);
    }
  }
}

/** Something that names this attempt, so that it counts once however often it is sent. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs TLS
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function request(path, options) {
  const response = await fetchFrom(path, { signal: AbortSignal.timeout(PATIENCE), ...options });
  setClock(response.headers.get("Date"));
  const text = await response.text().catch(lost);
  return text ? JSON.parse(text) : null;
}

async function fetchFrom(path, options) {
  const response = await fetch(address(path), { cache: "no-store", ...options }).catch(lost);
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  if (body.code === "signed_out") return signIn();
  throw failure(response.status, body);
}

function lost() {
  throw failure(0);
}

/** An error whose message can be shown as it is; `reasons` are those of a refusal that has any. */
function failure(status, body = {}) {
  const detail = body.detail || SENTENCES[status] || "Something went wrong on our side. Try again.";
  const error = new ApiError(status, { ...body, detail });
  return Object.assign(error, { reasons: body.reasons ?? [] });
}

/** The session has ended: to the sign-in and back. Nobody waits for an answer any more. */
function signIn() {
  const next = location.pathname + location.search;
  location.assign(`/desk/login?${new URLSearchParams({ next })}`);
  return new Promise(() => {});
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
