import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { rememberFocus } from "./focus.js";
import { submits } from "./forms.js";
import { language } from "./words.js";

const ROLES = { agent: "Agent", lead: "Lead", trainer: "Trainer", owner: "Owner" };
const me = document.body.dataset.me;
const [add, link, address, copy, rows, problem, teams, member, renew, lock] = [
  "add", "link", "address", "copy", "rows", "problem", "teams", "member", "renew", "lock",
].map((id) => document.getElementById(id)); // prettier-ignore

add.onclick = () => edit();
copy.onclick = copyLink;
address.onfocus = () => address.select();
for (const dialog of [member, renew, lock])
  dialog.querySelector("[data-leave]").onclick = () => dialog.close();
showTeam();

async function showTeam() {
  const { agents } = await api.get("agents");
  fill(rows, agents.map(renderMember));
  const known = new Set(agents.map(({ team }) => team).filter(Boolean));
  teams.replaceChildren(...[...known].map((value) => el("option", { value })));
}

function renderMember(agent) {
  const { id, name, email, role, team, reads, disabled } = agent;
  return el(
    `tr${disabled ? ".out" : ""}`,
    {},
    el("td", {}, el("strong", {}, name), id === me && " (you)", el("div.soft", {}, email)),
    el("td", {}, ROLES[role]),
    el("td", {}, team),
    el("td", {}, reads.map(language).join(", ")),
    el("td", {}, state(agent)),
    el(
      "td.acts",
      {},
      act("Change", name, () => edit(agent)),
      !disabled && act("New link", name, () => makeLink(agent)),
      disabled ? act("Let in", name, () => letIn(agent)) : act("Lock out", name, () => lockOut(agent)),
    ),
  );
}

function act(words, name, onclick) {
  return el("button.plain", { onclick, "aria-label": `${words}: ${name}` }, words);
}

function state({ disabled, joined, totp }) {
  if (disabled) return "Locked out";
  if (!joined) return "Has not used the link yet";
  return totp ? "Second factor" : "";
}

/** Opens a dialog whose form does something; it closes once that is done. */
function open(dialog, title, act) {
  const form = dialog.querySelector("form");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".problem").textContent = "";
  submits(form, async (values) => {
    await act(values);
    dialog.close();
  });
  dialog.onclose = rememberFocus();
  dialog.showModal();
}

function edit(agent) {
  const { elements } = member.querySelector("form");
  const { email = "", name = "", role = "agent", team = "", reads = [] } = agent ?? {};
  const filled = { email, name, role, team, reads: reads.join(", ") };
  for (const [field, value] of Object.entries(filled)) elements[field].value = value;
  member.querySelector("[data-new]").hidden = Boolean(agent);
  elements.email.required = !agent;
  open(member, agent ? agent.name : "Add somebody", async (values) => {
    const fields = { ...values, reads: values.reads.split(/[\s,;]+/).filter(Boolean) };
    if (agent) {
      delete fields.email;
      await api.post(`agents/${agent.id}`, fields, "PATCH");
    } else {
      const added = await api.post("agents", fields);
      showLink(added.agent, added.link);
    }
    await showTeam();
  });
}

function makeLink(agent) {
  renew.querySelector("form").reset();
  open(renew, `A new link for ${agent.name}`, async (values) => {
    const made = await api.post(`agents/${agent.id}/link`, { drop_totp: "drop_totp" in values });
    showLink(agent, made);
    await showTeam();
  });
}

function lockOut(agent) {
  open(lock, `Lock ${agent.name} out?`, async () => {
    await api.post(`agents/${agent.id}`, { disabled: true }, "PATCH");
    await showTeam();
  });
}

async function letIn(agent) {
  problem.textContent = "";
  try {
    await api.post(`agents/${agent.id}`, { disabled: false }, "PATCH");
    await showTeam();
  } catch (error) {
    problem.textContent = error.message;
  }
}

function showLink(agent, made) {
  link.querySelector("h2").textContent = `The link for ${agent.name}`;
  address.value = made.address;
  copy.textContent = "Copy";
  link.hidden = false;
  link.scrollIntoView({ block: "nearest" });
}

async function copyLink() {
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
    copy.textContent = "Copied";
  } catch {
    copy.textContent = "Press Ctrl-C"; // browsers give the clipboard to safe pages only
  }
}
