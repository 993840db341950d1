"use strict";
// The page around the judge: what was given, what is answered. Nothing leaves it, nothing is kept.
(async () => {
  const LONGEST_SIDES = [1800, 1000, 3600], NEXT_FRAME_MS = 150, MOST_PIXELS = 40000000;
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const SHAPES = { // a disc with a tick, a triangle, an octagon with a cross
    good: ["M24 3a21 21 0 1 0 0 42a21 21 0 1 0 0-42z", "M13 25l8 8l15-17"],
    look: ["M24 4L46 44H2z", "M24 18v12M24 36v2"],
    bad: ["M16 3H32L45 16V32L32 45H16L3 32V16z", "M16 16L32 32M32 16L16 32"],
  };
  const TONES = { genuine: "good", not_genuine: "bad", revoked: "bad" };
  const at = (id) => document.getElementById(id);
  const texts = DATA.texts;
  let language = "id", list = null, camera = null, answers = [], note = null;

  const today = () => new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10); // WIB
  const shown = (day) => day.split("-").reverse().join("-");
  const say = (key, values = {}) => texts[key][language].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  const spoken = (key, values) => say(`checking.${key}`, values);

  function element(tag, className, words) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    return made;
  }

  function mark(tone) {
    const svg = document.createElementNS(NAMESPACE, "svg");
    svg.setAttribute("viewBox", "0 0 48 48");
    svg.setAttribute("aria-hidden", "true");
    SHAPES[tone].forEach((line, n) => {
      const path = document.createElementNS(NAMESPACE, "path");
      path.setAttribute("d", line);
      path.setAttribute("fill", n ? "none" : "currentColor");
      path.setAttribute("stroke", n ? { good: "#14532d", look: "#ffd36b", bad: "#a3161b" }[tone] : "none");
      path.setAttribute("stroke-width", "5");
      svg.append(path);
    });
    return svg;
  }

  const wordOf = ({ word, reason }) => spoken(`word.${reason === "other_code" ? "other_code" : word}`);

  function sentenceOf({ reason, claims, age }) {
    const values = { list_date: shown(list.issued_on), days: age };
    if (claims) {
      const dates = { issued: claims.issuedOn, expires: claims.expiresOn, from: claims.coverFrom, to: claims.coverTo };
      values.name = claims.name;
      for (const [name, day] of Object.entries(dates)) values[name] = day ? shown(day) : "";
    }
    return say(`cards.verdict.${reason}`, values);
  }

  // The large word stands above: the sentence does not say it again.
  function shortened(sentence, word) {
    const rest = sentence.startsWith(`${word}. `) ? sentence.slice(word.length + 2) : sentence;
    return rest.charAt(0).toUpperCase() + rest.slice(1);
  }

  function wholeDates(place, words) {
    words.split(/(\d\d-\d\d-\d{4})/).forEach((part, n) => place.append(n % 2 ? element("span", "whole", part) : part));
    return place;
  }

  function facts(claims) {
    const rows = element("dl");
    const add = (key, value) => rows.append(element("dt", "", spoken(key)), element("dd", "", value));
    add("name", claims.name);
    if (claims.birthYear !== null) add("born", String(claims.birthYear));
    add("number", claims.number);
    add("kind", spoken(`kind_${claims.kind}`));
    if (claims.coverFrom) add("cover", spoken("cover_dates", { from: shown(claims.coverFrom), to: shown(claims.coverTo) }));
    add("issued", shown(claims.issuedOn));
    add("expires", shown(claims.expiresOn));
    return rows;
  }

  function answer(verdict) {
    const word = wordOf(verdict), tone = verdict.reason === "other_code" ? "look" : TONES[verdict.word] || "look";
    const box = element("article", tone), head = element("div", "verdict"), body = element("div", "body");
    box.dataset.word = verdict.word;
    box.dataset.reason = verdict.reason;
    head.append(mark(tone), element("strong", "", word));
    body.append(wholeDates(element("p", "sentence"), shortened(sentenceOf(verdict), word)));
    box.append(head);
    if (verdict.word === "genuine" && verdict.reason !== "covered") {
      const from = verdict.claims.coverFrom;
      box.append(element("p", "strip", from ? spoken("cover_begins", { from: shown(from) }) : spoken("cover_none")));
    }
    box.append(body);
    if (verdict.claims) {
      body.append(facts(verdict.claims));
      if (tone !== "bad") body.append(element("p", "small", spoken("compare")));
    }
    const age = spoken(verdict.age === 0 ? "list_today" : "list_age", { date: shown(list.issued_on), days: verdict.age });
    body.append(element("p", verdict.age > Seal.STALE_AFTER_DAYS ? "small old" : "small", `${age} ${spoken("when", { date: shown(today()) })}.`));
    return box;
  }

  function show() {
    document.documentElement.lang = language;
    document.querySelectorAll("[data-text]").forEach((one) => { one.textContent = spoken(one.dataset.text); });
    at("language").textContent = spoken("language");
    at("language").lang = language === "id" ? "en" : "id";
    at("camera").textContent = spoken(camera ? "camera_stop" : "camera");
    at("root").textContent = spoken("root", { root: DATA.trust.root_key.match(/.{8}/g).slice(0, 4).join(" ") });
    at("broken").hidden = list !== null;
    at("broken").textContent = spoken("list_broken");
    at("form").hidden = list === null;
    at("live").hidden = camera === null;
    at("said").hidden = note === null;
    at("said").textContent = note ? spoken(note) : "";
    if (list === null) return;
    const age = Math.max(0, Math.round((Date.parse(today()) - Date.parse(list.issued_on)) / 86400000));
    const isBehind = today() < list.issued_on;
    at("old").hidden = age <= Seal.STALE_AFTER_DAYS && !isBehind;
    at("old").textContent = isBehind ? spoken("clock_behind", { date: shown(today()) }) : spoken("list_old", { days: age });
    at("list").textContent = spoken(age === 0 ? "list_today" : "list_age", { date: shown(list.issued_on), days: age });
    showAnswers();
  }

  function showAnswers() {
    const place = at("answers"), good = answers.filter(({ word }) => word === "genuine").length;
    place.replaceChildren(...answers.map(answer));
    place.classList.toggle("several", answers.length > 1);
    if (answers.length > 1) place.prepend(element("h2", "", spoken("several", { n: answers.length, good, other: answers.length - good })));
    place.hidden = at("after").hidden = answers.length === 0;
    at("list").hidden = answers.length > 0; // each answer says it
    place.setAttribute("aria-label", spoken("answer"));
  }

  async function judgeAll(codes) {
    const found = [];
    for (const code of codes) found.push(await Seal.judge(code, list, today()));
    // Of several codes on a sheet those of somebody else say nothing; of one alone it must be said.
    const ours = found.filter(({ reason }) => reason !== "other_code");
    answers = ours.length ? ours : found.slice(0, 1);
    note = null;
    show();
    at("answers").scrollIntoView({ block: "nearest" });
  }

  function clear(words = null) {
    answers = []; note = words;
    at("code").value = "";
    show();
    at("code").focus();
  }

  // ------------------------------------------------------------ pictures

  async function codesIn(source, width, height, sides) {
    if (globalThis.BarcodeDetector) {
      try {
        const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(source);
        if (found.length) return found.sort((a, b) => a.boundingBox.y - b.boundingBox.y).map((one) => one.rawValue);
      } catch { /* this one reads nothing: our own does */ }
    }
    for (const side of sides) {
      const scale = Math.min(1, side / Math.max(width, height));
      if (scale === 1 && side > 1.5 * Math.max(width, height)) continue; // read at this size already
      const canvas = element("canvas");
      canvas.width = Math.max(1, Math.round(width * scale)); canvas.height = Math.max(1, Math.round(height * scale));
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.imageSmoothingQuality = "high";
      context.drawImage(source, 0, 0, canvas.width, canvas.height);
      const points = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = Qr.read(points.data, canvas.width, canvas.height);
      if (found.length) return found;
    }
    return [];
  }

  async function readFiles(files) {
    stopCamera();
    answers = []; note = "reading";
    show();
    await new Promise((done) => { setTimeout(done, 30); }); // let the word be painted
    const codes = [];
    let readable = 0;
    for (const file of files) {
      try {
        const picture = await createImageBitmap(file);
        if (picture.width * picture.height <= MOST_PIXELS) {
          readable++;
          codes.push(...await codesIn(picture, picture.width, picture.height, LONGEST_SIDES));
        }
        picture.close();
      } catch { /* no picture: said below */ }
    }
    if (codes.length) await judgeAll(codes); else clear(readable ? "no_code" : "unreadable");
  }

  async function startCamera() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      camera = { stream };
      answers = []; note = null;
      show();
      at("video").srcObject = stream;
      await at("video").play();
      lookAgain(camera);
    } catch {
      stopCamera();
      clear("camera_none");
    }
  }

  async function lookAgain(mine) {
    const video = at("video");
    if (camera !== mine) return;
    const codes = video.videoWidth ? await codesIn(video, video.videoWidth, video.videoHeight, [1000]) : [];
    if (camera !== mine) return;
    if (codes.length === 0) { setTimeout(() => lookAgain(mine), NEXT_FRAME_MS); return; }
    stopCamera();
    await judgeAll(codes);
  }

  function stopCamera() {
    if (camera === null) return;
    camera.stream.getTracks().forEach((track) => track.stop());
    at("video").srcObject = null;
    camera = null;
    show();
  }

  // ------------------------------------------------------------ what people do

  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const given = at("code").value;
    at("code").value = "";
    if (given.trim()) judgeAll(given.split(/[\r\n]+/).filter(Boolean));
    at("code").focus();
  });
  at("code").addEventListener("paste", (event) => {
    const given = event.clipboardData.getData("text").split(/[\r\n]+/).filter((line) => line.trim());
    if (given.length === 0) return;
    event.preventDefault();
    judgeAll(given);
  });
  at("choose").addEventListener("click", () => at("file").click());
  at("file").addEventListener("change", () => { readFiles(Array.from(at("file").files)); });
  at("camera").addEventListener("click", () => { if (camera) stopCamera(); else startCamera(); });
  at("next").addEventListener("click", () => clear());
  at("print").addEventListener("click", () => window.print());
  at("language").addEventListener("click", () => { language = language === "id" ? "en" : "id"; show(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { stopCamera(); clear(); } });
  document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files.length && list) readFiles(Array.from(event.dataTransfer.files));
  });

  list = await Seal.openList(DATA.trust);
  show();
  if (list) at("code").focus();
})();
