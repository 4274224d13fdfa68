CREATE VIEW pairs AS SELECT s.name, s.pay - b.pay AS more FROM staff s JOIN staff b ON s.boss = b.id;
SELECT * FROM pairs WHERE more > 0
