#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Each of these must fail: had one succeeded, its number would be printed instead of the answer. */
static const long calls[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, SYS_mount, SYS_umount2, SYS_chroot, SYS_pivot_root, SYS_setns, SYS_shmget,
    SYS_semget, SYS_msgget, SYS_mq_open, SYS_memfd_create, SYS_open_by_handle_at, SYS_init_module, SYS_reboot,
    SYS_swapon, SYS_acct, SYS_settimeofday, SYS_iopl, SYS_ioperm, 425, 426, 427, 428, 429, 430, 435, 438, 442, 447,
};

int main(void) {
    int refused = 1;
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        errno = 0;
        if (syscall(calls[i], 0, 0, 0, 0, 0, 0) != -1 || (errno != EPERM && errno != ENOSYS)) {
            printf("call %ld: errno %d\n", calls[i], errno);
            refused = 0;
        }
    }
    int namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS};
    for (unsigned i = 0; i < 6; i++)
        if (unshare(namespaces[i]) != -1 || syscall(SYS_clone, namespaces[i] | 17, 0, 0, 0, 0) != -1) {
            printf("namespace %x\n", namespaces[i]);
            refused = 0;
        }
    if (refused) puts("7");
    return 0;
}
