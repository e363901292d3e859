#include "tests/explorer/fibers/local.h"

#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

size_t local_size;
uintptr_t local_least, local_most;

static const char *first_values;
static size_t first_size;      /* the rest is zero */
static ptrdiff_t from_pointer; /* where they are, seen from the pointer */

/* --- The thread pointer ----------------------------------------------------*/

#if defined __x86_64__

#include <asm/prctl.h>

enum { CAN_WRITE_FS = 2 }; /* in AT_HWCAP2: without a call of the system */

static uintptr_t thread_pointer(void)
{
    uintptr_t at;
    __asm__("movq %%fs:0, %0" : "=r"(at));
    return at;
}

static void set_thread_pointer(uintptr_t at)
{
    static int how;
    if (how == 0)
        how = getauxval(AT_HWCAP2) & CAN_WRITE_FS ? 1 : 2;
    if (how == 1)
        __asm__ volatile("wrfsbase %0" : : "r"(at) : "memory");
    else
        syscall(SYS_arch_prctl, ARCH_SET_FS, at);
}

#elif defined __aarch64__

static uintptr_t thread_pointer(void)
{
    uintptr_t at;
    __asm__("mrs %0, tpidr_el0" : "=r"(at));
    return at;
}

static void set_thread_pointer(uintptr_t at)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(at) : "memory");
}

#else

static uintptr_t thread_pointer(void)
{
    fputs("explorer: _Thread_local is not modelled on this machine\n", stderr);
    exit(2);
}

static void set_thread_pointer(uintptr_t at)
{
    (void)at;
}

#endif

/* --- Whose they are --------------------------------------------------------*/

static void *main_locals;

/* The program itself comes first. */
static int look_at_program(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_TLS)
            continue;
        first_values = (const char *)(info->dlpi_addr + p->p_vaddr);
        first_size = p->p_filesz;
        local_size = p->p_memsz;
        main_locals = info->dlpi_tls_data;
    }
    return 1;
}

static sem_t is_ready;

static void *lend(void *to)
{
    *(uintptr_t *)to = thread_pointer();
    sem_post(&is_ready);
    for (;;)
        pause();
    return NULL;
}

static uintptr_t borrow(void)
{
    uintptr_t at = 0;
    pthread_t lender;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(
            &attr, ((local_size + 4095) & ~(size_t)4095) + ((size_t)1 << 16));
    int error = pthread_create(&lender, &attr, lend, &at);
    if (error != 0) {
        fprintf(stderr,
                "explorer: no threads for _Thread_local variables: %s\n",
                strerror(error));
        exit(2);
    }
    while (sem_wait(&is_ready) != 0)
        ;
    pthread_attr_destroy(&attr);
    return at;
}

static void add(locals *l, uintptr_t pointer)
{
    l->thread_pointer = pointer;
    l->from = (char *)(pointer + (uintptr_t)from_pointer);
    if (local_least == 0 || local_least > (uintptr_t)l->from)
        local_least = (uintptr_t)l->from;
    if (local_most < (uintptr_t)l->from + local_size)
        local_most = (uintptr_t)l->from + local_size;
}

const locals *local_reserve(size_t count)
{
    sigset_t every, before;
    locals *all = calloc(count, sizeof *all);
    if (all == NULL) {
        perror("explorer");
        exit(2);
    }
    dl_iterate_phdr(look_at_program, NULL);
    if (local_size == 0)
        return all;
    sem_init(&is_ready, 0, 0);
    from_pointer = (char *)main_locals - (char *)thread_pointer();
    sigfillset(&every); /* none of them for the lenders */
    pthread_sigmask(SIG_SETMASK, &every, &before);
    add(&all[0], thread_pointer());
    for (size_t i = 1; i < count; i++)
        add(&all[i], borrow());
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return all;
}

void local_start(const locals *l)
{
    memcpy(l->from, first_values, first_size);
    memset(l->from + first_size, 0, local_size - first_size);
}

void local_enter(const locals *l)
{
    set_thread_pointer(l->thread_pointer);
}
