def leap_years_until(year):
    return year // 4 - year // 100 + year // 400


first, last = map(int, input().split())
print(leap_years_until(last) - leap_years_until(first - 1))
