"use strict";
(function () {
  var form = document.querySelector(".filter");
  if (!form) { return; }
  var input = form.querySelector("input");
  var status = form.querySelector(".shown");
  var groups = Array.prototype.slice.call(document.querySelectorAll(".group"));
  form.hidden = false;

  // "in:a surface:b" belong together: they are looked for as one text.
  function terms(text) {
    var pair = text.match(/^\s*(in:.+? surface:\S+)(.*)$/);
    var words = (pair ? pair[2] : text).split(/\s+/).filter(Boolean);
    return pair ? words.concat(pair[1]) : words;
  }

  function apply() {
    var wanted = terms(input.value.toLowerCase());
    var shown = 0;
    groups.forEach(function (g) {
      var text = g.getAttribute("data-text");
      var fits = wanted.every(function (w) { return text.indexOf(w) >= 0; });
      g.hidden = !fits;
      if (fits) { shown++; }
    });
    status.textContent = wanted.length ? shown + " of " + groups.length + " groups" : "";
  }

  input.addEventListener("input", apply);
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("click", function (e) {
    var open = e.target.getAttribute("data-open");
    if (open === null) { return; }
    groups.forEach(function (g) { if (!g.hidden) { g.open = open === "true"; } });
  });
  document.querySelectorAll("a[data-filter]").forEach(function (a) {
    a.addEventListener("click", function () {
      input.value = a.getAttribute("data-filter");
      apply();
    });
  });
  window.addEventListener("beforeprint", function () {
    groups.forEach(function (g) { g.open = true; });
  });
}());
