// Photos: each goes up as soon as it is taken, with its progress; a form waits for them and keeps what arrived.
// On a document's page a photo opens large, and the arrows lead through all of them.
"use strict";

class PhotoForm {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("[data-photos-list]");
    this.form = root.closest("form");
    this.running = 0;
    root.querySelectorAll("[data-photos-input]").forEach((input) => {
      input.addEventListener("change", () => {
        for (const file of input.files) this.send(file);
        input.value = "";
      });
    });
    // Only for browsers without scripts: it would send everything twice.
    root.querySelector("input[data-needs-no-script]").remove();
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-photo-remove]");
      if (button) button.closest("figure").remove();
    });
    this.form.addEventListener("submit", (event) => this.hold(event), true);
  }

  hold(event) {
    if (!this.running) return;
    event.preventDefault();
    event.stopPropagation();
    this.waiting = event.submitter;
    if (this.waiting && !this.waiting.dataset.label) {
      this.waiting.dataset.label = this.waiting.textContent;
      this.waiting.textContent = this.root.dataset.photosWaiting;
    }
  }

  tile(file) {
    const figure = document.createElement("figure");
    figure.className = "photo";
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const caption = document.createElement("figcaption");
    caption.textContent = file.name;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.dataset.photoRemove = "";
    close.setAttribute("aria-label", `${this.root.dataset.photosRemove} ${file.name}`);
    figure.append(bar, caption, close);
    this.list.append(figure);
    return figure;
  }

  send(file, figure = this.tile(file)) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    body.append("csrfmiddlewaretoken", this.form.querySelector("[name=csrfmiddlewaretoken]").value);
    this.running += 1;
    request.upload.addEventListener("progress", (event) => {
      const bar = figure.querySelector("progress");
      if (bar && event.lengthComputable) bar.value = Math.round((event.loaded * 100) / event.total);
    });
    request.addEventListener("loadend", () => {
      this.running -= 1;
      let told = null;
      try {
        told = JSON.parse(request.responseText);
      } catch {
        // No answer, or a page: it did not arrive.
      }
      if (request.status === 200 && told) this.arrived(figure, told);
      else this.failed(figure, file, told && told.problem);
      if (!this.running && this.waiting) this.go();
    });
    request.open("POST", this.root.dataset.photos);
    request.send(body);
  }

  go() {
    const submitter = this.waiting;
    this.waiting = null;
    submitter.textContent = submitter.dataset.label;
    delete submitter.dataset.label;
    if (!this.list.querySelector("[data-photo-failed]")) this.form.requestSubmit(submitter);
  }

  arrived(figure, told) {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = this.root.dataset.photosName;
    hidden.value = told.token;
    let shown = document.createElement("span");
    if (told.kind === "picture") {
      shown = document.createElement("img");
      shown.src = told.href;
      shown.alt = told.name;
    } else {
      shown.className = "photo-sign";
      shown.textContent = told.kind === "video" ? "▶" : "PDF";
    }
    figure.querySelector("progress").replaceWith(shown);
    figure.append(hidden);
  }

  failed(figure, file, problem) {
    const said = document.createElement("button");
    said.type = "button";
    said.className = "photo-failed";
    said.dataset.photoFailed = "";
    said.textContent = problem || this.root.dataset.photosFailed;
    said.disabled = Boolean(problem);
    said.addEventListener("click", () => {
      const bar = document.createElement("progress");
      bar.max = 100;
      said.replaceWith(bar);
      this.send(file, figure);
    });
    figure.querySelector("progress").replaceWith(said);
  }
}

// A video says how long it is; one that this browser cannot play is offered to be kept instead.
class Video {
  constructor(video) {
    this.video = video;
    this.figure = video.closest("figure");
    video.addEventListener("error", () => this.unplayable());
    video.addEventListener("loadedmetadata", () => this.known());
    if (video.error) this.unplayable();
    else if (video.readyState) this.known();
  }

  unplayable() {
    this.video.remove();
    this.figure.querySelector("[data-video-instead]").hidden = false;
  }

  known() {
    const seconds = Math.round(this.video.duration);
    if (!Number.isFinite(seconds)) return;
    const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.figure.querySelector("[data-video-length]").textContent = ` · ${length}`;
  }
}

class Large {
  constructor(links) {
    this.links = links;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "photo-large";
    this.image = document.createElement("img");
    this.said = document.createElement("p");
    this.dialog.append(this.image, this.said);
    document.body.append(this.dialog);
    links.forEach((link, place) => link.addEventListener("click", (event) => this.open(event, place)));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.image) this.show(this.place + 1);
      else this.dialog.close();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") this.show(this.place + 1);
      if (event.key === "ArrowLeft") this.show(this.place - 1);
    });
  }

  open(event, place) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.show(place);
    this.dialog.showModal();
  }

  show(place) {
    this.place = (place + this.links.length) % this.links.length;
    const link = this.links[this.place];
    this.image.src = link.href;
    this.image.alt = link.querySelector("img").alt;
    this.said.textContent = `${this.image.alt} (${this.place + 1}/${this.links.length})`;
  }
}

for (const root of document.querySelectorAll("[data-photos]")) {
  if (root.dataset.ready) continue;
  root.dataset.ready = "1";
  new PhotoForm(root);
}
const enlarged = [...document.querySelectorAll("[data-enlarge]")].filter((link) => !link.dataset.ready);
enlarged.forEach((link) => { link.dataset.ready = "1"; });
if (enlarged.length) new Large(enlarged);
for (const video of document.querySelectorAll("[data-video]")) new Video(video);
