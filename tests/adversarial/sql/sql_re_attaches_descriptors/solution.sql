ATTACH '/dev/fd/3' AS results;
CREATE TABLE results.t (a);
