"use strict";
// Adds to a page that is whole without it: a filter, the age of the report, all lists open in print.
(() => {
  const age = document.querySelector("[data-age]");
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const passed = (Date.now() - Date.parse(age.dataset.age)) / 1000;
  const unit = units.find(([, seconds]) => passed >= seconds);
  if (unit) {
    const number = Math.floor(passed / unit[1]);
    age.textContent = ` (${number} ${unit[0]}${number === 1 ? "" : "s"} ago)`;
  }

  addEventListener("beforeprint", () => {
    for (const closed of document.querySelectorAll("details:not([open])")) {
      closed.open = true;
      closed.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const opened of document.querySelectorAll("details[data-printed]")) {
      opened.open = false;
      delete opened.dataset.printed;
    }
  });

  const form = document.getElementById("filter");
  if (!form) return;
  const words = document.getElementById("words");
  const provider = document.getElementById("provider");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const table = document.getElementById("resources");
  const boxes = [...form.querySelectorAll("[name=status]")];
  const all = table.tBodies[0].rows.length;
  // Reading thousands of rows takes its time, so it is done when somebody searches.
  let read = null;
  const readRows = () => [...table.tBodies[0].rows].map((row) => ({
    row,
    status: row.dataset.status,
    provider: row.dataset.provider,
    text: row.textContent.toLowerCase().replace(/\s+/g, " "),
  }));

  const filter = () => {
    const rows = (read ??= readRows());
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = boxes.filter((box) => box.checked).map((box) => box.value);
    let left = 0;
    for (const one of rows) {
      const fits =
        (!statuses.length || statuses.includes(one.status)) &&
        (!provider.value || provider.value === one.provider) &&
        wanted.every((word) => one.text.includes(word));
      one.row.hidden = !fits;
      left += fits;
    }
    count.textContent =
      left === all ? `All ${all} shown` : `${left} of ${all} shown`;
    table.hidden = left === 0;
    none.hidden = left !== 0;
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      words.value = "";
      filter();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input[type=search], select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      words.focus();
      form.scrollIntoView({ block: "start" });
    }
  });
  // A link from above to a row that the filter hides shows it.
  addEventListener("hashchange", () => {
    const row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) {
      form.reset();
      setTimeout(() => row.scrollIntoView());
    }
  });
  count.textContent = `All ${all} shown`;
})();
