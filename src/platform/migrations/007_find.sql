-- Articles that staff look things up in: tariffs and procedures, in English and Burmese. No personal data.
CREATE SCHEMA find;

CREATE TABLE find.article (
  slug        text PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('tariff', 'procedure')),
  title_en    text NOT NULL,
  title_my    text NOT NULL,
  body_en     text NOT NULL,
  body_my     text NOT NULL,
  updated_at  bigint NOT NULL,
  -- English stemmed; Burmese cut into words before it comes here, since PostgreSQL sees no spaces in it.
  words_en    tsvector NOT NULL,
  words_my    tsvector NOT NULL
);
CREATE INDEX article_words_en ON find.article USING gin (words_en);
CREATE INDEX article_words_my ON find.article USING gin (words_my);
