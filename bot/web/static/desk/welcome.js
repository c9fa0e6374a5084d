import * as api from "./api.js";
import { checkAlike, submits } from "./forms.js";

const form = document.getElementById("welcome");
const words = document.getElementById("words");
const token = location.hash.slice(1);

// The token is out of sight and out of the history as soon as it is known.
history.replaceState(null, "", location.pathname);
look();

async function look() {
  try {
    if (!token) throw new Error("This link is not whole. Copy all of it.");
    show(await api.post("welcome/look", { token }));
  } catch (error) {
    words.textContent = error.message;
  }
}

function show({ first_owner, email, name, totp }) {
  const { elements } = form;
  const owner = form.querySelector("[data-owner]");
  words.textContent = first_owner
    ? "You become the owner of this house: you see everything and let others in."
    : `Choose a password, ${name}. From then on this link works no more.`;
  owner.hidden = !first_owner;
  elements.name.required = first_owner;
  elements.email.value = email;
  elements.email.readOnly = !first_owner;
  document.getElementById("code").hidden = !totp;
  elements.code.required = totp;
  form.hidden = false;
  (first_owner ? elements.name : elements.password).focus();
  submits(form, use);
}

async function use({ name, email, password, again, code }) {
  checkAlike(password, again);
  await api.post("welcome", { token, password, name, email, code });
  location.replace("/desk");
}
