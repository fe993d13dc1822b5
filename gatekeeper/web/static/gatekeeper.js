// Makes the pages nicer; none of them needs it. No network, no storage, no markup made from text.
"use strict";

const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"]];

function inWords(seconds) {
  const span = Math.abs(seconds);
  for (const [size, unit] of UNITS) {
    if (span >= size) {
      const count = Math.floor(span / size);
      const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
      return seconds > 0 ? `in ${words}` : `${words} ago`;
    }
  }
  return "just now";
}

function tick() {
  for (const words of document.querySelectorAll("time [data-relative]")) {
    const at = Date.parse(words.closest("time").dateTime);
    words.textContent = inWords((at - Date.now()) / 1000);
  }
}

function light(numbers, on) {
  for (const number of numbers) {
    for (const part of document.querySelectorAll(`mark[data-findings~="${number}"], #finding-${number}`)) {
      part.classList.toggle("lit", on);
    }
  }
}

function linkMarks() {
  const pairs = [];
  for (const mark of document.querySelectorAll("mark[data-findings]")) pairs.push([mark, mark.dataset.findings.split(" ")]);
  for (const pin of document.querySelectorAll(".pin")) pairs.push([pin, [pin.dataset.number]]);
  for (const entry of document.querySelectorAll("[id^=finding-]")) pairs.push([entry, [entry.id.slice(8)]]);
  for (const [part, numbers] of pairs) {
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
      part.addEventListener(event, () => light(numbers, on));
    }
  }
}

function sendOnce(event) {
  const form = event.target;
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
}

function forgetSending() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  }
}

function countLetters(area) {
  const left = document.createElement("p");
  left.className = "hint";
  left.setAttribute("aria-live", "polite");
  area.after(left);
  area.addEventListener("input", () => {
    const room = area.maxLength - area.value.length;
    left.textContent = room < 200 ? `${room} characters left` : "";
  });
}

tick();
setInterval(tick, 30000);
linkMarks();
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", forgetSending);
document.querySelectorAll("textarea[maxlength]").forEach(countLetters);
document.querySelector(".refused[tabindex]")?.focus();
