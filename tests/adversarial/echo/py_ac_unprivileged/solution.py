import os

with open("/proc/self/status") as file:
    status = {name: value.strip() for name, _, value in (line.partition(":") for line in file)}
powers = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status[name], 16)]
print(powers or (7 if os.getuid() != 0 and status["NoNewPrivs"] == "1" and status["Seccomp"] == "2" else status))
