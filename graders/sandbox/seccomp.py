"""The system call filter of a box, as the program that bubblewrap installs.

A deny-list: the namespaces and the missing capabilities do the work, the filter takes away what attacks
on the kernel have used and what would reach the supervisor. Calls of a foreign architecture (x32, i386)
kill the process: libseccomp checks the architecture first.
"""

from __future__ import annotations

import errno
import os
import socket
from functools import lru_cache

from core.errors import SandboxUnavailable

REFUSED = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd
    keyctl add_key request_key bpf perf_event_open io_uring_setup io_uring_enter io_uring_register userfaultfd
    mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr
    unshare setns open_by_handle_at name_to_handle_at fanotify_init quotactl acct swapon swapoff
    init_module finit_module delete_module kexec_load kexec_file_load reboot syslog
    settimeofday clock_settime clock_adjtime adjtimex iopl ioperm modify_ldt lookup_dcookie vhangup
    sched_setscheduler sched_setparam sched_setattr setpriority ioprio_set
    move_pages migrate_pages mbind set_mempolicy
"""
# They would outlive a test inside the box, or hold memory that no process is charged for.
ABSENT = """
    shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink
    memfd_create memfd_secret clone3
"""
FIRST_UNKNOWN, END_UNKNOWN = 450, 600  # calls newer than this list; C libraries fall back on ENOSYS
NAMESPACE_FLAGS = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX


@lru_cache(maxsize=1)
def filter_program() -> bytes:
    """The compiled filter. Raises SandboxUnavailable when libseccomp is missing."""
    try:
        import pyseccomp  # here, because importing it loads the C library
    except (ImportError, OSError, RuntimeError) as error:
        raise SandboxUnavailable(f"No seccomp: {error}. Install libseccomp2.") from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    _refuse(pyseccomp, rules)
    descriptor = os.memfd_create("seccomp")
    with os.fdopen(descriptor, "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _refuse(pyseccomp, rules) -> None:  # type: ignore[no-untyped-def]
    refuse, absent = pyseccomp.ERRNO(errno.EPERM), pyseccomp.ERRNO(errno.ENOSYS)
    for name in REFUSED.split():
        rules.add_rule(refuse, name)
    for call in (*ABSENT.split(), *range(FIRST_UNKNOWN, END_UNKNOWN)):
        rules.add_rule(absent, call)
    for flag in NAMESPACE_FLAGS:
        rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for request in TERMINAL_INJECTION:
        rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    for own_only in ("prlimit64", "sched_setaffinity"):  # else a test could throttle the supervisor
        rules.add_rule(refuse, own_only, pyseccomp.Arg(0, pyseccomp.NE, 0))
    rules.add_rule(
        pyseccomp.ERRNO(errno.EACCES), "socket", pyseccomp.Arg(0, pyseccomp.NE, int(socket.AF_UNIX))
    )
