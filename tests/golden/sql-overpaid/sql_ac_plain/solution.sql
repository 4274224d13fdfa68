SELECT staff.name, staff.pay - boss.pay AS more
FROM staff, staff AS boss
WHERE boss.id = staff.boss AND staff.pay > boss.pay
ORDER BY staff.name DESC;
