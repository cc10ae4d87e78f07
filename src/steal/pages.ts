import type { RowViewData } from '../care/look-schemas.ts'
import { escapeHtml, renderPage } from '../platform/http/page.ts'
import type { Language, Words } from '../platform/words.ts'
import { curvePicture } from './curve-picture.ts'
import { burmese, type Cast, type Heist } from './heist.ts'
import type { Stage } from './house.ts'
import type { Verdict } from './verdict.ts'
import { W } from './words.ts'

/** The game's pages: before it, the desk, and what the other side knows. They need no script. */

export const AT = '/demo/steal'

/** Whatever stage the game is at. */
export function renderStage(stage: Stage, cast: Cast, language: Language): string {
  switch (stage.at) {
    case 'start':
      return frame(language, start(cast, language))
    case 'failed':
      return frame(language, failed(stage.why, language))
    case 'making':
    case 'judging':
      return frame(language, waiting(stage.at === 'making' ? W.making : W.judging, language), {
        refresh: true,
      })
    case 'desk':
      return frame(language, desk(stage.heist, language))
    case 'verdict':
      return frame(language, told(stage.verdict, stage.heist, language))
  }
}

function frame(language: Language, content: string, { refresh = false } = {}): string {
  const links = (['en', 'my'] as const)
    .map((one) =>
      one === language
        ? `<b lang="${one}">${one === 'en' ? 'English' : 'မြန်မာ'}</b>`
        : `<a lang="${one}" href="${AT}?lang=${one}">${one === 'en' ? 'English' : 'မြန်မာ'}</a>`,
    )
    .join(' · ')
  return renderPage({
    language,
    title: W.title[language],
    style: `${AT}.css`,
    ...(refresh ? { script: `${AT}.js`, refreshSeconds: 2 } : {}),
    body: `<main class="steal"><header class="above"><span><a href="/">${W.back[language]}</a></span><span>${links}</span></header>${content}</main>`,
  })
}

/** A form with one button; what else it sends stands in `fields`. */
function act(
  language: Language,
  path: string,
  label: string,
  more: { fields?: string; main?: boolean } = {},
): string {
  return `<form method="post" action="${AT}/${path}"><input type="hidden" name="lang" value="${language}">${more.fields ?? ''}<button class="btn${more.main === true ? ' main' : ''}">${label}</button></form>`
}

function start({ customer }: Cast, language: Language): string {
  return `<h1>${W.title[language]}</h1><p class="lead">${W.lead[language]}</p>
<p><b>${escapeHtml(customer.name[language])}</b>, ${escapeHtml(customer.shown)}</p>
<p class="quiet">${W.apart[language]}</p>${act(language, 'begin', W.begin[language], { main: true })}`
}

function failed(why: string, language: Language): string {
  return `<h1>${W.title[language]}</h1><p class="stop" role="alert">${W.failed[language]} <span lang="en">${escapeHtml(why)}</span></p>
${act(language, 'begin', W.again[language], { main: true })}`
}

function waiting(says: Words, language: Language): string {
  return `<h1>${W.title[language]}</h1><p class="lead" role="status">${says[language]}</p>
<p class="quiet">${W.waits[language]} <a href="${AT}?lang=${language}">${W.reload[language]}</a></p>`
}

function desk(heist: Heist, language: Language): string {
  const { cast } = heist
  return `<h1>${W.onLine[language]} ${escapeHtml(cast.customer.name[language])}</h1>
<div class="columns"><section class="card private" aria-labelledby="screen"><h2 id="screen">${W.screen[language]}</h2>
<p class="band"><b>${W.private[language]}.</b> ${count(heist.rows.length, language)} ${W.rowsShown[language]}</p>
${rows(heist, language)}</section>
<div class="stack">${tools(heist, language)}${notebook(heist, language)}${history(heist, language)}${act(language, 'begin', W.again[language])}</div></div>`
}

function rows(heist: Heist, language: Language): string {
  const lines = heist.rows.map((row) => rowLine(row, language)).join('')
  const next =
    heist.pagesShown < heist.pages
      ? act(language, 'page', W.next[language])
      : `<p class="quiet">${W.noMore[language]}</p>`
  return `<form method="post" action="${AT}/copy" id="rows"><input type="hidden" name="lang" value="${language}"></form>
<div class="buttons"><button class="btn" form="rows">${W.copyTicked[language]}</button>
${act(language, 'copy-all', W.copyAll[language])}${act(language, 'photograph', W.photograph[language])}</div>
<p class="quiet">${W.photographHint[language]}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${W.rows[language]}"><table><thead><tr><td></td><th scope="col">${W.start[language]}</th>
<th scope="col">${W.party[language]}</th><th scope="col">${W.lasted[language]}</th><th scope="col">${W.charge[language]}</th></tr></thead><tbody>${lines}</tbody></table></div>${next}`
}

function rowLine(row: RowViewData, language: Language): string {
  const when = `${row.day.slice(8)}/${row.day.slice(5, 7)} ${row.start}`
  const charge = row.chargeMilli === null ? '' : String(row.chargeMilli / 1000)
  return `<tr><td><input type="checkbox" form="rows" name="row" value="${escapeHtml(row.row)}" aria-label="${W.copyRow[language]}: ${when}"></td><td>${when}</td>
<td>${row.letter === null ? '' : `<b>${escapeHtml(row.letter)}</b> `}${escapeHtml(row.digits ?? '')} <span class="quiet">${escapeHtml(row.typeLabel[language])}</span></td><td>${escapeHtml(row.lasted[language])}</td><td class="figure">${charge}</td></tr>`
}

function tools({ cast, matchesLeft }: Heist, language: Language): string {
  const { stranger } = cast
  return `<section class="card" aria-labelledby="tools"><h2 id="tools">${W.tools[language]}</h2>
<form method="post" action="${AT}/ask"><input type="hidden" name="lang" value="${language}"><label for="number">${W.number[language]}</label>
<div class="buttons"><input id="number" name="number" inputmode="tel" required minlength="3" maxlength="32" autocomplete="off"><button class="btn">${W.askNow[language]}</button></div></form>
<p class="quiet">${count(matchesLeft, language)} ${W.asksLeft[language]}</p>
${act(language, 'guess', W.guess[language])}
${act(language, 'elsewhere', `${W.elsewhere[language]}: ${escapeHtml(stranger.name[language])}`)}</section>`
}

function notebook({ notebook: lines }: Heist, language: Language): string {
  const list =
    lines.length === 0
      ? `<p class="quiet">${W.empty[language]}</p>`
      : `<ol class="notebook" lang="en" tabindex="0">${lines.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('')}</ol>`
  return `<section class="card" aria-labelledby="notebook"><h2 id="notebook">${W.notebook[language]}: ${count(lines.length, language)} ${W.lines[language]}</h2>
${list}<p class="quiet">${W.handInHint[language]}</p>${act(language, 'hand-in', W.handIn[language], { main: true })}</section>`
}

function history({ happened }: Heist, language: Language): string {
  const items = happened
    .toReversed()
    .slice(0, 8)
    .map(
      ({ tone, says }) =>
        `<li>${tone === 'no' ? `<b class="stop">${W.refused[language]}.</b> ` : ''}${escapeHtml(says[language])}</li>`,
    )
    .join('')
  return `<section class="card" aria-labelledby="happened" aria-live="polite"><h2 id="happened">${W.happened[language]}</h2><ul>${items}</ul></section>`
}

function told(verdict: Verdict, heist: Heist, language: Language): string {
  const { nameableAt, lines } = verdict
  const answer =
    lines === 0
      ? W.noList[language]
      : nameableAt === null
        ? W.notNameable[language]
        : language === 'en'
          ? W.nameable.en(nameableAt)
          : W.nameable.my(burmese(nameableAt))
  return `<h1>${answer}</h1><p class="quiet">${escapeHtml(heist.cast.customer.name[language])}: ${count(heist.rows.length, language)} ${W.rowsShown[language]}; ${W.notebook[language]}: ${count(lines, language)} ${W.lines[language]}</p>
${proof(verdict, language)}<div class="columns">${textCard(verdict, language)}<div class="stack">${watchCard(verdict, language)}${unknownCard(verdict, language)}</div></div>
${act(language, 'begin', W.again[language], { main: true })}`
}

function proof({ curve, headline, court }: Verdict, language: Language): string {
  if (curve.length === 0 && headline === null) return ''
  const said = headline === null ? '' : `<p class="lead">${escapeHtml(headline[language])}</p>`
  const sentence =
    court === null
      ? ''
      : `<details><summary>${W.court[language]}</summary><p>${escapeHtml(court[language])}</p></details>`
  return `<section class="card" aria-labelledby="proves"><h2 id="proves">${W.proves[language]}</h2>${said}
${curve.length === 0 ? '' : `${curvePicture(curve, language)}<p class="quiet">${W.curveHelp[language]}</p>`}${sentence}</section>`
}

function textCard({ texts }: Verdict, language: Language): string {
  const bubbles = texts
    .map(({ text, afterSeconds }) => {
      const when = language === 'en' ? W.after.en(afterSeconds) : W.after.my(burmese(afterSeconds))
      return `<li><p class="quiet">${when}</p><p class="bubble" lang="${/[\u1000-\u109f]/.test(text) ? 'my' : 'en'}">${escapeHtml(text)}</p></li>`
    })
    .join('')
  return `<section class="card" aria-labelledby="text"><h2 id="text">${W.text[language]}</h2>${bubbles === '' ? `<p>${W.textsNone[language]}</p>` : `<ol class="texts">${bubbles}</ol>`}</section>`
}

function watchCard({ watch }: Verdict, language: Language): string {
  const { level, asked } = watch
  const explained =
    level === null ? '' : `<p>${language === 'en' ? W.level.en(level) : W.level.my(burmese(level))}</p>`
  const says =
    asked === null
      ? `<p>${W.notAsked[language]}</p>`
      : `<p>${W.asked[language]} ${escapeHtml(asked.headline[language])}</p><ul>${asked.reasons.map((reason) => `<li>${escapeHtml(reason[language])}</li>`).join('')}</ul>`
  return `<section class="card" aria-labelledby="watch"><h2 id="watch">${W.watch[language]}</h2>${explained}${says}</section>`
}

function unknownCard({ unknown }: Verdict, language: Language): string {
  return `<section class="card" aria-labelledby="unknown"><h2 id="unknown">${W.unknown[language]}</h2><ul>${unknown.map((one) => `<li>${escapeHtml(one[language])}</li>`).join('')}</ul></section>`
}

function count(value: number, language: Language): string {
  return language === 'en' ? String(value) : burmese(value)
}
