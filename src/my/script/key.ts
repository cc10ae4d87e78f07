/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

/** Speaks to the keys of her phone for the forms that ask for one, and sends what the phone answers with the form. */

type MakeOptions = PublicKeyCredentialCreationOptionsJSON
type SignOptions = PublicKeyCredentialRequestOptionsJSON

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-key]')) {
  for (const note of form.querySelectorAll('[data-no-script]')) note.remove()
  const button = form.querySelector('button')
  if (button !== null) button.disabled = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void answer(form)
  })
}
openLink()
addEventListener('hashchange', openOther)

async function answer(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector('button')
  const trouble = form.querySelector<HTMLElement>('[data-trouble]')
  if (button !== null) button.disabled = true
  if (trouble !== null) trouble.hidden = true
  try {
    const options = await optionsOf(form)
    const response =
      form.dataset.key === 'make'
        ? await startRegistration({ optionsJSON: options as MakeOptions })
        : await startAuthentication({ optionsJSON: options as SignOptions })
    field(form, 'response').value = JSON.stringify(response)
    form.submit()
  } catch {
    // She closed the phone's question, or it has no key: she may try again.
    if (trouble !== null) trouble.hidden = false
    if (button !== null) button.disabled = false
  }
}

/** What stands on the page, or, where a challenge would have run out by then, what the server gives now. */
async function optionsOf(form: HTMLFormElement): Promise<unknown> {
  const { options, optionsFrom } = form.dataset
  if (optionsFrom === undefined) return JSON.parse(options ?? '{}')
  const csrf = field(form, '_csrf').value
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
  const given = await fetch(optionsFrom, { method: 'POST', credentials: 'same-origin', headers, body: '{}' })
  if (!given.ok) throw new Error('no options')
  const begun = (await given.json()) as { id: string; options: unknown }
  field(form, 'id').value = begun.id
  return begun.options
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement
}

/** The link's secret has been put into its field by the page's other script: nothing is left for her to press. */
function openLink(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-link]')
  const link = document.getElementById('link')
  if (form !== null && link instanceof HTMLInputElement && link.value !== '' && link.dataset.filled === 'yes')
    form.requestSubmit()
}

/** Another link opened on a page of the same address is no visit to a browser: this makes it one. */
function openOther(): void {
  if (location.hash.length > 1)
    location.assign(`/my/allow?language=${document.documentElement.lang}${location.hash}`)
}
