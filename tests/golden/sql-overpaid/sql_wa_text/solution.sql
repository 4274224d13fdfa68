SELECT name, 'more' AS more FROM staff UNION ALL SELECT 'x', 'y'
