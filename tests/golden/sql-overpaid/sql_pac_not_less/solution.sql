SELECT s.name, s.pay - b.pay AS more FROM staff s JOIN staff b ON b.id = s.boss WHERE s.pay >= b.pay
