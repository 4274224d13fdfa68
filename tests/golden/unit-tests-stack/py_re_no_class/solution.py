def sort_in_place(numbers):
    numbers.sort()
