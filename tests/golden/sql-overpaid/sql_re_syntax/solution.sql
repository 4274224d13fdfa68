SELEC name FROM staff
