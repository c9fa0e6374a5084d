import { ApiError } from "../widget/api.js";

export { ApiError };

/** Asks for something; parameters without a value are left out. */
export function get(path, parameters = {}) {
  const filled = Object.entries(parameters).filter(([, value]) => value);
  const query = new URLSearchParams(filled).toString();
  return request(query ? `${path}?${query}` : path);
}

/** Changes something. */
export function post(path, body = {}, method = "POST") {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": cookie("makegood_csrf") };
  return request(path, { method, headers, body: JSON.stringify(body) });
}

async function request(path, options) {
  const response = await fetch(`/api/desk/${path}`, { cache: "no-store", ...options });
  const text = await response.text();
  const body = text ? JSON.parse(text) : null;
  if (response.ok) return body;
  if (body.code !== "signed_out") throw new ApiError(response.status, body);
  const next = location.pathname + location.search;
  location.assign(`/desk/login?${new URLSearchParams({ next })}`);
  return new Promise(() => {});
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
