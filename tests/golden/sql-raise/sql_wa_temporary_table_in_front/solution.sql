CREATE TEMP TABLE staff AS SELECT id, iif(pay < 10, pay * 1.1, pay) AS pay FROM main.staff;
