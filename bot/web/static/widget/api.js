const SILENCE = 40_000; // ms; the server's heartbeat comes every 15 s

/** An answer that is no success; status 0: there was none. */
export class ApiError extends Error {
  constructor(status, { code = "no_connection", detail } = {}) {
    super(detail);
    Object.assign(this, { status, code });
  }

  /** Whether the same request may succeed later. */
  get temporary() {
    return !this.status || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

const lost = () => Promise.reject(new ApiError(0));

/** The widget's HTTP API; every method throws ApiError without success. */
export class Api {
  #base;

  constructor(base) {
    this.#base = base;
  }

  store(name) {
    return this.#json(`stores/${name}`);
  }

  session(token, body) {
    return this.#json("session", { token, body });
  }

  locale(token, body) {
    return this.#json("locale", { token, body });
  }

  history(token) {
    return this.#json("messages?after=0", { token });
  }

  /** keepalive: it arrives even if the buyer leaves the page. */
  send(token, body) {
    return this.#json("messages", { token, body, keepalive: true });
  }

  /** How long people take to answer, and what the buyer may do meanwhile. */
  wait(token) {
    return this.#json("wait", { token });
  }

  /** Whether to ask how it was. */
  rating(token) {
    return this.#json("rating", { token });
  }

  /** Tells something: cancel-wait, email, typing, read, rating. */
  tell(token, path, body = {}) {
    return this.#fetch(path, { token, body });
  }

  async photo(token, id) {
    return (await this.#fetch(`attachments/${id}`, { token })).blob();
  }

  async file(token, id) {
    return (await this.#fetch(`files/${id}`, { token })).blob();
  }

  events(token, last, signal) {
    return this.#fetch("events", { token, signal, headers: { "Last-Event-ID": String(last) } });
  }

  /** Calls `progress` with 0 to 1, which fetch could not. */
  upload(token, file, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file);
      request.open("POST", this.#url("attachments"));
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.responseType = "json";
      request.upload.onprogress = (event) => progress(event.loaded / event.total);
      request.onloadend = () => {
        const { status, response } = request;
        if (response?.id) resolve(response);
        else reject(new ApiError(status, response ?? {}));
      };
      request.send(form);
    });
  }

  async #json(path, options) {
    const response = await this.#fetch(path, { signal: AbortSignal.timeout?.(20_000), ...options });
    return response.json().catch(lost);
  }

  async #fetch(path, { token, body, headers = {}, ...options }) {
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) {
      headers["Content-Type"] = "application/json";
      Object.assign(options, { method: "POST", body: JSON.stringify(body) });
    }
    Object.assign(options, { headers, cache: "no-store", credentials: "omit" });
    const response = await fetch(this.#url(path), options).catch(lost);
    if (response.ok) return response;
    throw new ApiError(response.status, await response.json().catch(() => ({})));
  }

  #url(path) {
    return new URL(`api/widget/${path}`, this.#base);
  }
}

/** Milliseconds to wait after so many failures: doubling to 30 s, half of it chance. */
export function backoff(failures) {
  return Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** Waits for that long, or until the browser is online again. */
export function pause(failures) {
  return new Promise((resolve) => {
    setTimeout(resolve, backoff(failures));
    addEventListener("online", resolve, { once: true });
  });
}

/** Keeps one event stream open. EventSource could not: it sends no Authorization header. */
export class Stream {
  #connect;
  #receive;
  #report;
  #run; // the loop that is on; a loop that finds another here ends
  #attempt;
  #hurry;
  #failures = 0;
  #wake;

  /** `connect(signal)` gives a Response; `receive(event, data)` and `report(up)` are told. */
  constructor(connect, receive, report) {
    this.#connect = connect;
    this.#receive = receive;
    this.#report = report;
  }

  get running() {
    return Boolean(this.#run);
  }

  start() {
    if (!this.#run) this.#keep((this.#run = {}));
  }

  stop() {
    this.#run = null;
    this.restart();
  }

  /** Drops the line and takes a new one at once. */
  restart() {
    this.#hurry = true;
    this.#attempt?.abort();
    this.#wake?.();
  }

  async #keep(run) {
    while (this.#run === run) {
      const attempt = (this.#attempt = new AbortController());
      this.#hurry = false;
      await this.#read(attempt).catch(() => {});
      attempt.abort();
      if (this.#run !== run) return;
      this.#report(false);
      this.#failures += 1;
      const woken = new Promise((resolve) => (this.#wake = resolve));
      if (!this.#hurry) await Promise.race([pause(this.#failures), woken]);
    }
  }

  async #read(attempt) {
    const { body } = await this.#connect(attempt.signal);
    this.#report(true);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const timer = setTimeout(() => attempt.abort(), SILENCE);
      const { value, done } = await reader.read().finally(() => clearTimeout(timer));
      if (done || attempt.signal.aborted) return;
      this.#failures = 0;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      blocks.forEach((block) => this.#parse(block));
    }
  }

  #parse(block) {
    const field = (name) => RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
    const news = field("data");
    if (news) this.#receive(field("event"), JSON.parse(news));
  }
}
