import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { checkAlike, submits } from "./forms.js";
import { language } from "./words.js";

const ROLES = { agent: "Agent", lead: "Lead", trainer: "Trainer", owner: "Owner" };
const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const password = document.getElementById("password");
const totp = document.getElementById("totp");
const sessions = document.getElementById("sessions");

const told = document.getElementById("told");
let me;

submits(password, async ({ old, new: chosen, again }) => {
  told.textContent = "";
  checkAlike(chosen, again);
  await api.post("password", { old, new: chosen });
  password.reset();
  password.elements.email.value = me.email;
  told.textContent = "The password is changed. You are signed out everywhere else.";
  await showSessions();
});
showAll();

async function showAll() {
  me = await api.get("me");
  password.elements.email.value = me.email;
  const facts = [
    ["Name", me.name],
    ["E-mail", me.email],
    ["Role", ROLES[me.role]],
    ["Team", me.team || "None"],
    ["Reads", me.reads.map(language).join(", ") || "Not said"],
  ];
  document
    .getElementById("you")
    .replaceChildren(...facts.flatMap(([term, fact]) => [el("dt", {}, term), el("dd", {}, fact)]));
  showTotp();
  await showSessions();
}

function passwordForm(label, look, act) {
  const form = el(
    "form",
    { method: "post" },
    el(
      "label.field",
      {},
      el("span", {}, "Your password"),
      el("input", { name: "password", type: "password", required: true, maxlength: 256, autocomplete: "current-password" }),
    ),
    el("p.problem", { role: "alert" }),
    el(`button${look}`, { type: "submit" }, label),
  );
  submits(form, act);
  return form;
}

function showTotp() {
  if (me.totp) {
    fill(
      totp,
      el("p", {}, "On: signing in asks for a code of your authenticator app as well."),
      passwordForm("Switch it off", ".danger", async (body) => {
        await api.post("totp/drop", body);
        await showAll();
      }),
    );
  } else {
    fill(
      totp,
      el("p", {}, "Off. With it a stolen password alone lets nobody in. You need an authenticator app."),
      passwordForm("Set it up", ".primary", async (body) => showSecret(await api.post("totp", body))),
    );
  }
}

function showSecret({ secret, svg }) {
  const picture = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", "QR code for your authenticator app");
  const code = el("input", { name: "code", inputmode: "numeric", autocomplete: "one-time-code", required: true, maxlength: 10 });
  const form = el(
    "form",
    { method: "post" },
    el("label.field", {}, el("span", {}, "The code that it shows then"), code),
    el("p.problem", { role: "alert" }),
    el("button.primary", { type: "submit" }, "Switch it on"),
  );
  submits(form, async (body) => {
    await api.post("totp/confirm", body);
    await showAll();
  });
  totp.replaceChildren(
    el("p", {}, "Read this with your app, or type the key into it."),
    el("div.qr", {}, picture),
    el("p", {}, el("code", {}, secret.match(/.{1,4}/g).join(" "))),
    form,
  );
  code.focus();
}

async function showSessions() {
  const { sessions: all } = await api.get("sessions");
  const rows = all.map(({ began_at, seen_at, here }) =>
    el(
      "li",
      {},
      here ? el("strong", {}, "Here") : "Elsewhere",
      `, since ${WHEN.format(new Date(began_at))}, last used ${WHEN.format(new Date(seen_at))}`,
    ),
  );
  const end = el("button", { onclick: endOthers }, "Sign out everywhere else");
  fill(sessions, el("ul", {}, rows), all.length > 1 && end);
}

async function endOthers() {
  await api.post("sessions/end");
  await showSessions();
}
