import subprocess
import sys

a, b = input().split()
print(subprocess.run([sys.executable, "-c", f"print({a}+{b})"], capture_output=True, text=True).stdout)
