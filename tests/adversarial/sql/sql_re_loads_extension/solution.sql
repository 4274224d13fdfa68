SELECT load_extension('/usr/lib/libc.so.6');
