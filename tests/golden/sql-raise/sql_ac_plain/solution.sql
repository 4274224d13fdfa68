UPDATE staff SET pay = pay + pay / 10 WHERE pay < 10
