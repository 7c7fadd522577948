-- The words of a dataset were cut by the database, whose locale then decided what a letter is. Now the platform cuts and
-- folds them, the same way in every database. Until it has (at its next start), "words" is null and nothing is found by them.
alter table catalog.dataset drop column words;
alter table catalog.dataset add column words tsvector;
create index dataset_words on catalog.dataset using gin (words) with (fastupdate = off);
create index dataset_without_words on catalog.dataset (id) where words is null;
