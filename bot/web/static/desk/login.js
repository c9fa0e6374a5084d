import * as api from "./api.js";
import { submits } from "./forms.js";

const form = document.getElementById("login");

if (form) {
  submits(form, logIn);
  if (location.search) lookWhoIsHere();
}

async function logIn({ email, password, code }) {
  try {
    await api.post("login", { email, password, code });
  } catch (error) {
    if (["code_needed", "wrong_code"].includes(error.code)) askForCode();
    if (error.code === "wrong_csrf") location.reload();
    throw error;
  }
  location.replace(form.dataset.next);
}

function askForCode() {
  const code = document.getElementById("code");
  const input = code.querySelector("input");
  code.hidden = false;
  input.required = true;
  input.value = "";
  input.focus();
}

// A link in a mail comes without the cookie, which is for our own pages only. This page has it.
async function lookWhoIsHere() {
  const response = await fetch("/api/desk/me", { cache: "no-store" });
  if (response.ok) location.replace(form.dataset.next);
}
