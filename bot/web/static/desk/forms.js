/** The named fields of a form. */
export function values(form) {
  return Object.fromEntries(new FormData(form));
}

/** Lets the form do something, once at a time; what it throws is told under its fields. */
export function submits(form, act) {
  const problem = form.querySelector(".problem");
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    problem.textContent = "";
    try {
      await act(values(form));
    } catch (error) {
      problem.textContent = error.message;
    }
    form.ariaBusy = "false";
  };
}

/** Throws if a new password was not written alike twice. */
export function checkAlike(one, other) {
  if (one !== other) throw new Error("The two new passwords differ.");
}
