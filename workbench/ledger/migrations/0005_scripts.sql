-- Arabic is indexed without vowel signs, variants of letters and article, and its digits as those of English (function
-- `plain`, see store.py): the index of words is made again, without the words of what is set aside.
INSERT INTO words (words) VALUES ('delete-all');
INSERT INTO words (rowid, text) SELECT n, plain(text) FROM passages WHERE n NOT IN (SELECT n FROM unindexed);
