// Places on a picture: numbered marks, or one area, set by clicking on the picture beside the field.
// Enhances every `input[data-places]`, also in blocks that are added later. Words come from #gc-places' data- attributes.
(() => {
  const words = document.getElementById("gc-places").dataset;
  const MOST = 3;
  const SIZE = { w: 40, h: 12 }; // of an area that is set by one click, in percent
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const clamp = (value, low, high) => Math.round(Math.min(Math.max(value, low), high));
  const numbered = (text, number) => text.replace("%(number)s", number);

  function make(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    if (tag === "button") element.type = "button";
    if (text) element.textContent = text;
    return element;
  }

  class Places {
    constructor(input) {
      this.input = input;
      this.isArea = input.dataset.places === "area";
      this.image = null; // id of the picture shown
      this.root = make("div", "gc-places");
      this.hint = make("p", "gc-places__hint", words.picture);
      this.hint.setAttribute("aria-live", "polite");
      this.stage = make("div", "gc-stage");
      this.picture = make("img", "gc-stage__picture");
      this.picture.draggable = false;
      this.stage.append(this.picture);
      this.stage.hidden = true;
      this.tools = make("div", "gc-places__tools");
      this.root.append(this.hint, this.stage, this.tools);
      input.after(this.root);
      this.stage.addEventListener("pointerdown", (event) => this.press(event));
      this.draw();
      this.look();
    }

    get value() {
      try {
        const found = JSON.parse(this.input.value || "null");
        return this.isArea ? found : found || [];
      } catch {
        return this.isArea ? null : [];
      }
    }

    set value(next) {
      const text = JSON.stringify(next);
      if (text === this.input.value) return;
      this.input.value = text;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.draw();
    }

    // The picture of the same block: «…-marks» and «…-area» stand beside «…-image-image».
    get chooser() {
      const name = this.input.name.replace(/-(marks|area)$/, "-image-image");
      return this.input.form ? this.input.form.elements.namedItem(name) : null;
    }

    async look() {
      const id = this.chooser ? this.chooser.value : "";
      if (id === this.image) return;
      this.image = id;
      this.stage.hidden = true;
      this.tools.hidden = true;
      this.hint.textContent = words.picture;
      if (!id) return;
      try {
        const answer = await fetch(words.pictures.replace("/0/", `/${id}/`), { headers: { Accept: "application/json" } });
        const found = await answer.json();
        if (this.image !== id) return;
        this.picture.alt = found.alt;
        this.picture.width = found.width;
        this.picture.height = found.height;
        this.picture.src = found.url;
        this.stage.hidden = false;
        this.tools.hidden = false;
        this.hint.textContent = this.isArea ? words.clickArea : words.click;
      } catch {
        this.hint.textContent = words.failed;
      }
    }

    point(event) {
      const box = this.stage.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * 100;
      const y = ((event.clientY - box.top) / box.height) * 100;
      return { x: clamp(x, 0, 100), y: clamp(y, 0, 100) };
    }

    press(event) {
      if (event.button) return;
      const place = event.target.closest("[data-place]");
      const start = this.point(event);
      let moved = false;
      event.preventDefault();
      if (place) place.focus();
      const number = place ? Number(place.dataset.place) : -1;
      const before = this.isArea ? this.value : this.value[number];
      const move = (next) => {
        const now = this.point(next);
        const dx = now.x - start.x;
        const dy = now.y - start.y;
        if (Math.abs(dx) + Math.abs(dy) < 3 && !moved) return;
        moved = true;
        if (place) this.put(number, { ...before, x: before.x + dx, y: before.y + dy }, false);
        else if (this.isArea) this.frame(start, now);
      };
      const release = (next) => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", release);
        if (!moved && !place) this.add(this.point(next));
      };
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", release);
    }

    frame(one, other) {
      const x = Math.min(one.x, other.x);
      const y = Math.min(one.y, other.y);
      const w = Math.max(Math.abs(one.x - other.x), 4);
      const h = Math.max(Math.abs(one.y - other.y), 4);
      this.value = this.inside({ x, y, w, h });
    }

    add(at) {
      if (this.isArea) {
        this.value = this.inside({ x: at.x - SIZE.w / 2, y: at.y - SIZE.h / 2, ...SIZE });
        this.focus(0);
        return;
      }
      const marks = this.value;
      if (marks.length >= MOST) {
        this.hint.textContent = words.full;
        return;
      }
      this.value = [...marks, at];
      this.focus(marks.length);
    }

    inside(area) {
      const w = clamp(area.w, 2, 100);
      const h = clamp(area.h, 2, 100);
      return { x: clamp(area.x, 0, 100 - w), y: clamp(area.y, 0, 100 - h), w, h };
    }

    put(number, place, keep = true) {
      if (this.isArea) this.value = this.inside(place);
      else {
        const marks = this.value;
        marks[number] = { x: clamp(place.x, 0, 100), y: clamp(place.y, 0, 100) };
        this.value = marks;
      }
      if (keep) this.focus(number);
    }

    remove(number) {
      this.value = this.isArea ? null : this.value.filter((_mark, place) => place !== number);
      this.hint.textContent = this.isArea ? words.clickArea : words.click;
      (this.tools.querySelector("button") || this.stage).focus();
    }

    key(event, number) {
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        this.remove(number);
        return;
      }
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      const place = this.isArea ? this.value : this.value[number];
      const [dx, dy] = way;
      if (this.isArea && event.shiftKey) this.put(number, { ...place, w: place.w + dx, h: place.h + dy });
      else this.put(number, { ...place, x: place.x + dx, y: place.y + dy });
    }

    focus(number) {
      const place = this.stage.querySelector(`[data-place="${number}"]`);
      if (place) place.focus();
    }

    draw() {
      for (const old of this.stage.querySelectorAll("[data-place]")) old.remove();
      this.tools.replaceChildren();
      const places = this.isArea ? [this.value].filter(Boolean) : this.value;
      places.forEach((place, number) => {
        const name = this.isArea ? words.area : numbered(words.mark, number + 1);
        const button = make("button", this.isArea ? "gc-area" : "gc-mark", this.isArea ? "" : String(number + 1));
        button.dataset.place = number;
        button.setAttribute("aria-label", name);
        button.style.left = `${place.x}%`;
        button.style.top = `${place.y}%`;
        if (this.isArea) {
          button.style.width = `${place.w}%`;
          button.style.height = `${place.h}%`;
        }
        button.addEventListener("keydown", (event) => this.key(event, number));
        this.stage.append(button);
        const gone = make("button", "button button-small button-secondary", `${words.remove}: ${name}`);
        gone.addEventListener("click", () => this.remove(number));
        this.tools.append(gone);
      });
      if (places.length < (this.isArea ? 1 : MOST)) {
        const middle = make("button", "button button-small button-secondary", this.isArea ? words.placeArea : words.place);
        middle.addEventListener("click", () => this.add({ x: 50, y: 50 }));
        this.tools.append(middle);
      }
    }
  }

  const known = new WeakMap();

  function enhance() {
    for (const input of document.querySelectorAll("input[data-places]")) {
      if (!known.has(input)) known.set(input, new Places(input));
    }
  }

  function lookAgain() {
    for (const input of document.querySelectorAll("input[data-places]")) {
      if (known.has(input)) known.get(input).look();
    }
  }

  // Blocks come, choosers get their value: both change the document, and a chooser tells of it as well.
  new MutationObserver(enhance).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("change", (event) => {
    if (event.target.name && event.target.name.endsWith("-image-image")) lookAgain();
  });
  enhance();
})();
