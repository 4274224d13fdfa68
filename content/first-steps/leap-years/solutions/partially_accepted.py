# Right, but it visits every year: too slow for deep time.
first, last = map(int, input().split())
count = 0
for year in range(first, last + 1):
    if year % 400 == 0 or (year % 4 == 0 and year % 100 != 0):
        count += 1
print(count)
