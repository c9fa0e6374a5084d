import { sizeIn } from "../../widget/files.js";
import { el, icon } from "../dom.js";

/** Whether an upload is no photo. */
export function isFile({ kind }) {
  return Boolean(kind);
}

/** Files other than photos, each as a line that saves it. */
export function renderFiles(files, talk) {
  return el(
    "ul.files",
    {},
    files.map((file) =>
      el(
        "li",
        {},
        el(
          "a.file",
          { href: talk.file(file.id), download: file.name, title: file.name },
          renderFile(file),
        ),
      ),
    ),
  );
}

/** A file's icon, name and size. */
export function renderFile({ name, size }) {
  return [icon("file"), el("bdi.one-line", {}, name), el("small.soft", {}, sizeIn("en", size))];
}
