import { openDialog } from "../dialog.js";
import { button, el } from "../dom.js";

const HIGH = 150; // px of a thumbnail

/** Photos as thumbnails that open large. */
export function renderPhotos(photos, name, talk) {
  return el(
    "div.photos",
    {},
    photos.map(({ id, width, height }, place) => {
      const src = talk.photo(id);
      const alt = photos.length > 1 ? `Photo ${place + 1} of ${photos.length}` : "Photo";
      const wide = Math.round(Math.min(260, (HIGH * width) / height));
      return el(
        "button.photo",
        {
          onclick: () => open(photos, place, name, talk),
          "aria-label": `${alt} by ${name}, open large`,
        },
        el("img", { src, alt: "", loading: "lazy", width: wide, height: HIGH }),
      );
    }),
  );
}

function open(photos, place, name, talk) {
  const image = el("img", { alt: `Photo by ${name}` });
  const told = el("span", { role: "status" });
  const turn = (step) => {
    place = (place + step + photos.length) % photos.length;
    image.src = talk.photo(photos[place].id);
    told.textContent = photos.length > 1 ? `${place + 1} of ${photos.length}` : "";
  };
  const several = photos.length > 1;
  const dialog = openDialog(
    "Photo",
    el(
      "div",
      {},
      image,
      el(
        "div.ends",
        {},
        told,
        several && button("Previous", () => turn(-1), { look: "round", symbol: "back" }),
        several && button("Next", () => turn(1), { look: "round", symbol: "next" }),
        button("Close", () => dialog.close(), { autofocus: true }),
      ),
    ),
    ".picture",
  );
  dialog.onkeydown = ({ key }) => {
    if (key === "ArrowLeft") turn(-1);
    if (key === "ArrowRight") turn(1);
  };
  turn(0);
}
