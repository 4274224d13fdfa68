UPDATE staff SET pay = pay * 1.1
