// The grid of people: a row that is typed into while others are being saved stands in the grid that comes back, and the
// cursor with it. A refused row is known by its token, any other goes to the first fresh one. Needs portal.js.
"use strict";

{
  const grid = () => document.getElementById("attendance-grid");
  const tokenOf = (body) => body.querySelector("[name$=-creation_token]").value;
  let sent = null; // token -> what its row said when the grid was sent
  let typed = []; // the rows that say something else now

  // What each row says, with names that hold in any row.
  const rowsOf = (form) =>
    [...form.querySelectorAll("tbody")].map((body) => {
      const mine = readForm(form).filter(([name]) => name.startsWith(`${body.id}-`));
      return { body, token: tokenOf(body), values: mine.map(([name, ...rest]) => [name.slice(body.id.length), ...rest]) };
    });

  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target === grid()) sent = new Map(rowsOf(target).map((row) => [row.token, JSON.stringify(row.values)]));
  });

  document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
    if (target.id !== "entry" || !sent || !detail.shouldSwap) return;
    typed = rowsOf(grid()).filter((row) => JSON.stringify(row.values) !== sent.get(row.token));
    for (const row of typed) {
      const field = row.body.contains(document.activeElement) && document.activeElement.name;
      row.focus = field ? field.slice(row.body.id.length) : null;
    }
    localStorage.removeItem(draftKey(grid())); // what is still to be saved is kept anew, below
    sessionStorage.removeItem(draftKey(grid()));
  });

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const form = grid();
    if (target.id !== "entry" || !sent || !form) return;
    const bodies = [...form.querySelectorAll("tbody")];
    const fresh = bodies.filter((body) => !sent.has(tokenOf(body)));
    for (const row of typed) {
      const body = bodies.find((each) => tokenOf(each) === row.token) ?? fresh.shift();
      if (!body) continue;
      fillForm(form, row.values.map(([name, ...rest]) => [body.id + name, ...rest]));
      const name = form.elements[`${body.id}-name_en`];
      name.dispatchEvent(new Event("change", { bubbles: true })); // who it may be is asked anew
      if (row.focus) form.elements[body.id + row.focus]?.focus();
    }
    if (typed.length || form.querySelector(".form-errors")) form.dispatchEvent(new Event("input", { bubbles: true }));
    [sent, typed] = [null, []];
  });
}
