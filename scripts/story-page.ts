import type { StoryFigures } from './play-story.ts'

/** `docs/story.md`: the story with what the pages said while it was played. Nothing in it is typed by hand. */
export function storyPage(of: StoryFigures): string {
  const picture = (name: string, says: string) => `![${says}](pictures/story-${name}.png)`
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')
  return `# The story of a leak

\`npm run story\` makes a demo operator, plays this in a real Chromium through the real pages, and writes this page: every
sentence in a quotation and every figure was read off those pages while it ran. Dates follow the day on which it runs; who was
shown which two digits follows the look.

## A look

A customer rings, keys in her PIN, and a champion explains her bill. Of each other number two digits show, never the same two.

${picture('champion', 'What a champion sees: rows with two digits of each number, and the text that she will get')}

Before that there had been another look. Her own page says so:

> ${of.look}

${picture('look', 'Her page, with the look that nobody asked for')}

A champion in Mandalay ticked that a customer stood at the counter. Nobody did. Her own page says that the look was.

## She says that it was not her

${picture('report', 'Her report: her associate has a list of her calls')}

The privacy officer opens incident ${of.serial} from it, with one button. For the champion it does not exist.

${picture('case', 'The case, with whom to tell until when')}

## Which look it was

The list that turned up, ${of.listRows} rows retyped with rows missing, is pasted as it came.

${picture('list', 'The list as it came, and how it was understood')}

> ${of.verdict}

${picture('trace', 'The answer, with its odds and what speaks for and against')}

The command line says the same, \`npx countersign trace list.txt --incident ${of.serial}\`:

> ${of.traceCommand}

## Stopped, and what was seen

${picture('freeze', 'Frozen: sign-in, sessions and looks ended')}

The case opens what was shown to this person, and holds every sealed rendering against the ledger's entry for it.

${list(of.exposed)}

What was not exposed, and how that is known:

${list(of.notExposed)}

${picture('exposure', 'What was exposed and what was not')}

## How it travelled

Two people find the same: a breach. The investigator draws what is known, each link with its ground and how sure it makes.

${picture('chain', 'Employee, friend, associate, customer, each link with its ground')}

Two others allow a search for a leak path: may the list have gone to the number that was named by people who called each
other after the look? Beside what it finds stands what chance does. It is a lead, never proof.

${list(of.path)}

${picture('path', 'The search for a leak path, with the logs it opened and what chance does')}

## Whom the laws want told

Each notice is drafted with what the case knows; what it does not know stays empty for an officer to write. Nothing is sent by
itself.

${list(of.notices)}

${picture('notice-authority', 'To the supervisory authority: the contents of GDPR article 33(3)')}

${picture('notice-person', 'To the person: the contents of GDPR article 34(2)')}

${picture('notice-telecoms', 'To the telecoms authority: the form of Regulation 611/2013')}

## Suspended, heard, dismissed

One administrator suspends and writes down the hearing; another, who had no part in it, decides. Access is gone at that moment.

> ${of.employment}

${picture('dismissal', 'What becomes of the employment, step by step')}

## She is told

The officer reads the drafted notice, completes it and sends it to her page; a text tells her that there is something.

${picture('notice-customer', 'Her notice, complete, before it is sent')}

What was found stands at her own page, with the day by which she hears again, and the answer to her report:

> ${of.answer}

${picture('customer', 'Her case, on her own page')}

## To the police

> ${of.given}

What is not given, and why:

${list(of.withheld)}

Counsel and somebody of another role approve it. Only then can the bundle be made.

${picture('referral', 'The referral, approved by two')}

Its SHA-256 is \`${of.digest}\`. Who made it, who took a copy, to whom it was handed and that the police computed the same digest
is written down step by step, each an entry of the ledger.

${picture('custody', 'The chain of custody')}

The page inside the bundle, opened from the disk in a browser without a network:

> ${of.offline}

${picture('verified', 'The bundle, checked offline')}

And on the command line, \`npx countersign verify bundle.zip --key KEY\`:

> ${of.commandLine}

## In public

Two people who did not write it approve each. The fact of the statement names the entry that it rests on; the rumour of a
recording is answered with its ground.

${picture('statement', 'The public page of statements')}

A newspaper asks, and is told what is published, word for word:

> ${of.press}

${picture('press', 'What the press asked, and was told')}
`
}
