const rows = [...document.querySelectorAll("#misunderstood li")];
const search = document.querySelector("#search");
const language = document.querySelector("#language");
const count = document.querySelector("#count");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    const wanted = !language.value || row.dataset.language === language.value;
    row.hidden = !(wanted && words.every((word) => text.includes(word)));
    shown += !row.hidden;
  }
  count.textContent = `${shown} of ${rows.length}`;
}

if (search) {
  document.querySelector("#filter").hidden = false;
  search.addEventListener("input", show);
  language.addEventListener("input", show);
  show();
}
