// At the door of a workshop: what somebody types stays in this tab until it is sent, and a broken line says so.
// It goes with the tab, and after half an hour: others may hold the same phone. Needs portal.js.
"use strict";

const KEPT_MINUTES = 30;
const PATIENCE_SECONDS = 30;

function doorKey() {
  return `door:${window.location.pathname}`;
}

function keepTyped(form) {
  const kept = JSON.parse(sessionStorage.getItem(doorKey()) || "null");
  const isFresh = kept && Date.now() - kept.at < KEPT_MINUTES * 60_000;
  if (isFresh && !document.getElementById("form-errors")) {
    fillForm(form, kept.values, touchedIn(form));
    form.elements.token.value = kept.token; // the same form, so that it is one arrival
  }
  const save = () => {
    const typed = { values: readForm(form), token: form.elements.token.value, at: Date.now() };
    sessionStorage.setItem(doorKey(), JSON.stringify(typed));
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
}

// The form is sent without leaving the page: a line that breaks meanwhile loses nothing, and the button works again.

async function sendForm(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector("[type=submit]");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_SECONDS * 1000);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal: stop.signal });
    if (answer.status >= 500) throw new Error(String(answer.status));
    showAnswer(answer, await answer.text());
  } catch {
    button.disabled = false;
    document.getElementById("line-broken").hidden = false;
  } finally {
    clearTimeout(timer);
  }
}

// What was typed while the answer was on its way stands in the form that comes back.

function showAnswer(answer, html) {
  const sent = document.querySelector("form[data-door]");
  const typed = sent ? readForm(sent) : [];
  const page = new DOMParser().parseFromString(html, "text/html");
  if (answer.redirected) {
    sessionStorage.removeItem(doorKey());
    window.history.replaceState(null, "", answer.url);
  }
  document.title = page.title;
  document.body.replaceWith(page.body);
  const back = document.querySelector("form[data-door]");
  if (back) fillForm(back, typed);
  window.scrollTo(0, 0);
  wakeDoor();
  document.getElementById("form-errors")?.focus();
}

function wakeDoor() {
  const form = document.querySelector("form[data-door]");
  if (!form) return;
  keepTyped(form);
  form.addEventListener("submit", sendForm);
}

document.addEventListener("DOMContentLoaded", wakeDoor);
