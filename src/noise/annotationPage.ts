/** The annotation page: what it shows, and the script that runs it. Neither loads anything from elsewhere. */
import { markup } from '../report/markup.ts';
import { pageStyle } from '../report/pageStyle.ts';

export const annotationPage = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Does the tag apply?</title>
<style>${pageStyle}
body { max-width: 640px } audio { width: 100%; margin: 12px 0 }
#question { font-size: 1.5rem; margin: 20px 0 8px } #question b { color: var(--first) }
.answers { display: flex; gap: 10px; flex-wrap: wrap }
button, input { font: inherit; padding: 10px 18px; border: 1px solid var(--muted); border-radius: 8px; background: var(--faint); color: inherit }
button { cursor: pointer } button[aria-pressed="true"] { outline: 3px solid var(--first) }
kbd { border: 1px solid var(--muted); border-radius: 4px; padding: 0 5px; font-size: .8rem; color: var(--muted) }
progress { width: 100% } #status.failed { color: var(--second); font-weight: 600 } [hidden] { display: none }</style>
</head>
<body>
<form id="start"><h1>Who is listening?</h1>
<p>Your answers are kept under this name; use the same to go on later.</p>
<p><input id="name" required maxlength="100" autocomplete="off" aria-label="name"> <button>Start</button></p></form>
<main id="work" hidden>
<p class="note"><span id="place"></span> <progress id="progress" value="0"></progress></p>
<audio id="player" controls preload="auto"></audio>
<p id="question"></p>
<div class="answers">
<button data-answer="yes">Yes <kbd>Y</kbd></button>
<button data-answer="no">No <kbd>N</kbd></button>
<button data-answer="unsure">Not sure <kbd>U</kbd></button>
</div>
<p id="status" role="status"></p>
<p class="note"><kbd>Space</kbd> play or stop · <kbd>R</kbd> from the start · <kbd>←</kbd> back, to correct · <kbd>→</kbd> on.
Every answer is saved at once; close the page when you like.</p>
</main>
<script src="/page.js"></script>
</body>
</html>
`.text;

/** Plain JavaScript for the browser. One question at a time; the clip plays on while its tags are asked. */
export const annotationScript = `'use strict';
const byId = (id) => document.getElementById(id);
const [start, work, player, status] = ['start', 'work', 'player', 'status'].map(byId);
const buttons = [...document.querySelectorAll('[data-answer]')];
let annotator = '';
let questions = [];
let current = 0;
let busy = false;

const say = (text, failed = false) => {
  status.textContent = text;
  status.classList.toggle('failed', failed);
};

async function begin(name) {
  annotator = name;
  const response = await fetch('/questions?annotator=' + encodeURIComponent(name));
  questions = await response.json();
  const open = questions.findIndex(({ answer }) => answer === '');
  start.hidden = true;
  work.hidden = false;
  show(open === -1 ? questions.length - 1 : open);
  if (open === -1) say('All questions are answered. You may go back and correct.');
}

function show(number) {
  current = Math.max(0, Math.min(number, questions.length - 1));
  const { path, tag, answer } = questions[current];
  const answered = questions.filter((question) => question.answer !== '').length;
  byId('place').textContent = 'Question ' + (current + 1) + ' of ' + questions.length + ', ' + answered + ' answered';
  byId('progress').max = questions.length;
  byId('progress').value = answered;
  const name = document.createElement('b');
  name.textContent = tag;
  byId('question').replaceChildren('Does ', name, ' apply?');
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.answer === answer));
  const source = '/audio/' + encodeURIComponent(path);
  if (player.getAttribute('src') !== source) {
    player.setAttribute('src', source);
    player.play().catch(() => {}); // where it may not start by itself, Space does
  }
}

async function record(answer) {
  if (busy) return;
  busy = true;
  try {
    const response = await fetch('/answers', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ row: current, annotator, answer }),
    });
    if (!response.ok) throw new Error(await response.text());
    questions[current].answer = answer;
    const isLast = questions.every((question) => question.answer !== '');
    show(current + 1);
    say(isLast ? 'Saved. All questions are answered: thank you.' : 'Saved.');
  } catch (error) {
    say('Not saved: ' + error.message + '. Is the program still running? Start it again, then answer again.', true);
  } finally {
    busy = false;
  }
}

const keys = {
  y: () => record('yes'),
  n: () => record('no'),
  u: () => record('unsure'),
  r: () => { player.currentTime = 0; player.play(); },
  ' ': () => (player.paused ? player.play() : player.pause()),
  ArrowLeft: () => { say(''); show(current - 1); },
  ArrowRight: () => { say(''); show(current + 1); },
};
document.addEventListener('keydown', (event) => {
  if (work.hidden || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
for (const button of buttons) {
  button.addEventListener('click', () => { button.blur(); record(button.dataset.answer); });
}
player.addEventListener('error', () => say('This clip cannot be played: ' + questions[current].path, true));
start.addEventListener('submit', (event) => {
  event.preventDefault();
  const name = byId('name').value.trim();
  if (name) begin(name).catch((error) => alert('The questions cannot be read: ' + error.message));
});
byId('name').focus();
`;
