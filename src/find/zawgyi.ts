import tools from 'myanmar-tools'

/** Above this it is Zawgyi (domain default); below, hand-written guesses would spoil Shan and Mon. */
const CERTAIN = 0.95
const detector = new tools.ZawgyiDetector()
const converter = new tools.ZawgyiConverter()

/**
 * The text in Unicode: old phones still type Zawgyi, which uses the same code points for other letters.
 * Anything that is not certainly Zawgyi stays as it is.
 */
export function fromZawgyi(text: string): string {
  return detector.getZawgyiProbability(text) > CERTAIN ? converter.zawgyiToUnicode(text) : text
}
