/** The languages that every customer and champion may choose from. */
export type Language = 'en' | 'my'

/** What a person reads, in both languages; Burmese is Unicode, never Zawgyi. */
export interface Words {
  readonly en: string
  readonly my: string
}
