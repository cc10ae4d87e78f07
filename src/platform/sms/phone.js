/** The demo's phone: shows what arrives as it arrives, counts the call's time, and has keys to press. */

const screenAddress = `${location.pathname}/screen${location.search}`

async function refresh() {
  const answer = await fetch(screenAddress)
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const id of ['call', 'texts']) {
    const now = document.getElementById(id)
    const next = fresh.getElementById(id)
    // A part that did not change is left alone: somebody may be typing in it.
    if (now && next && now.dataset.shown !== next.innerHTML) {
      now.innerHTML = next.innerHTML
      now.dataset.shown = next.innerHTML
    }
  }
  tick()
}

function tick() {
  for (const timer of document.querySelectorAll('.timer')) {
    const seconds = Math.max(0, Math.floor((Date.now() - Number(timer.dataset.since)) / 1000))
    timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
}

document.addEventListener('click', (event) => {
  const key = event.target instanceof Element ? event.target.closest('.key') : null
  const field = document.getElementById('digits')
  if (!key || !field) return
  if (key.dataset.key === 'back') field.value = field.value.slice(0, -1)
  else if (field.value.length < field.maxLength) field.value += key.dataset.key
})

document.documentElement.classList.add('live')
for (const id of ['call', 'texts']) {
  const part = document.getElementById(id)
  part.dataset.shown = part.innerHTML
}
tick()
setInterval(tick, 1000)
const events = new EventSource(`${location.pathname}/events`)
events.addEventListener('changed', refresh)
// After a lost line something may have been missed.
events.addEventListener('open', refresh)
