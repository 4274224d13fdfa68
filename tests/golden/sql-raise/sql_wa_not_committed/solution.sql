BEGIN; UPDATE staff SET pay = pay * 1.1 WHERE pay < 10;
