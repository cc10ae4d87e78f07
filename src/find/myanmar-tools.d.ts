/** Google's detector and converter of Zawgyi; the package has no types of its own. */
declare module 'myanmar-tools' {
  const tools: {
    ZawgyiDetector: new () => { getZawgyiProbability(text: string): number }
    ZawgyiConverter: new () => { zawgyiToUnicode(text: string): string }
  }
  export = tools
}
