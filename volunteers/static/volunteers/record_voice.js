// Records a step into the form's own file field: mono WAV, 22 050 Hz. Its words stand in data- attributes.
// A browser that cannot do all of it keeps the plain field.
(() => {
  const box = document.querySelector("[data-recorder]"), media = navigator.mediaDevices;
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!box || !Context || !media || !media.getUserMedia) return;
  try { new DataTransfer().items.add(new File([""], "x")); } catch (old) { return; }
  const form = box.closest("form"), field = form.querySelector("[type=file]"), plain = form.querySelector("[data-plain]");
  const most = +box.dataset.most, part = (name) => box.querySelector(`[data-do=${name}]`);
  let now = null, sound = null;

  const say = (name) => { part("says").textContent = box.dataset[name]; };
  const hush = () => sound && sound.pause();
  function show(...names) {
    for (const name of ["record", "stop", "play"]) part(name).hidden = !names.includes(name);
    part(names[0]).focus();
  }
  function tell(seconds) {
    part("clock").textContent = `0:${String(Math.floor(seconds)).padStart(2, "0")}`;
    part("bar").value = seconds;
  }

  function wav(chunks, from) {
    const rate = Math.min(22050, from), ratio = from / rate;
    const all = new Float32Array(chunks.length * 4096), out = new Int16Array(all.length / ratio), bytes = out.length * 2;
    chunks.forEach((chunk, place) => all.set(chunk, place * 4096));
    for (let i = 0; i < out.length; i++) { // a mean over one new sample: what is too high does not fold down
      const first = Math.floor(i * ratio), end = Math.floor((i + 1) * ratio);
      let sum = 0;
      for (let j = first; j < end; j++) sum += all[j];
      out[i] = Math.max(-1, Math.min(1, sum / (end - first))) * 32767;
    }
    // RIFF, size, WAVE, fmt, 16, one channel of PCM, rate, bytes a second, 16 bits in two bytes, data, size
    const head = [0x46464952, 36 + bytes, 0x45564157, 0x20746d66, 16, 65537, rate, rate * 2, 0x100002, 0x61746164, bytes];
    return new File([new Uint32Array(head), out], "thu.wav", { type: "audio/wav" });
  }

  async function record() {
    hush();
    say("ask");
    let stream;
    try {
      stream = await media.getUserMedia({ audio: true });
    } catch (error) {
      say({ NotAllowedError: "denied", NotFoundError: "missing" }[error.name] || "failed");
      plain.open = true;
      return;
    }
    const context = new Context(), node = context.createScriptProcessor(4096, 1, 1), chunks = [];
    const source = context.createMediaStreamSource(stream);
    now = { stream, context, source, node, chunks }; // a source nobody holds falls silent
    node.onaudioprocess = (event) => {
      if (!now) return;
      chunks.push(new Float32Array(event.inputBuffer.getChannelData(0)));
      const seconds = chunks.length * 4096 / context.sampleRate;
      tell(Math.min(most, seconds));
      if (seconds >= most) stop("full");
    };
    source.connect(node);
    node.connect(context.destination);
    say("recording");
    show("stop");
  }
  function stop(why) {
    const done = now, carried = new DataTransfer();
    now = null;
    if (!done) return;
    done.node.disconnect();
    done.stream.getTracks().forEach((track) => track.stop());
    carried.items.add(wav(done.chunks, done.context.sampleRate));
    done.context.close();
    field.files = carried.files;
    say(why);
    show("play", "record");
  }

  part("record").onclick = record;
  part("stop").onclick = () => stop("done");
  part("play").onclick = () => {
    hush();
    sound = new Audio(URL.createObjectURL(field.files[0]));
    sound.play();
  };
  form.addEventListener("submit", (event) => {
    stop("done");
    if (field.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    say("none");
  });
  window.addEventListener("pagehide", () => stop("done"));
  field.required = false; // it lies in a closed part
  plain.open = !!plain.querySelector(".errorlist");
  box.hidden = false;
})();
