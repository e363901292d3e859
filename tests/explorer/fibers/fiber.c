/*
 * A switch saves what the calling convention says a call preserves, on the
 * stack that is left, and takes the same from the stack that is entered: some
 * ten instructions in place of swapcontext's two system calls. On other
 * machines than x86-64 and arm64, or with -DFIBER_UCONTEXT, ucontext does it.
 */
#include "tests/explorer/fibers/fiber.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { GUARD = 4096 * 4, STACK = 1 << 20, MAIN_STACK = 8 << 20 };

/* What a call may use below the stack pointer of its caller, unseen. */
enum { UNSEEN = 512 };

uintptr_t fiber_stacks_begin, fiber_stacks_end;

void fiber_reserve(fiber *fibers, size_t count, fiber *caller)
{
    size_t total = count * (STACK + GUARD) + MAIN_STACK;
    char *memory = mmap((void *)0x100000000000, total, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("explorer: no memory for stacks");
        exit(2);
    }
    fiber_stacks_begin = (uintptr_t)memory;
    fiber_stacks_end = (uintptr_t)memory + total;
    for (size_t i = 0; i < count; i++) {
        mprotect(memory, GUARD, PROT_NONE);
        fibers[i].bottom = memory + GUARD;
        memory += GUARD + (i == 0 ? MAIN_STACK : STACK);
        fibers[i].top = memory;
        fibers[i].deepest = memory;
    }
    const locals *all = local_reserve(count);
    for (size_t i = 0; i < count; i++)
        fibers[i].locals = all[i];
    caller->locals = all[0];
}

bool fiber_is_guard(const fiber *f, uintptr_t address)
{
    uintptr_t bottom = (uintptr_t)f->bottom;
    return address >= bottom - GUARD && address < bottom;
}

/* So that what a program reads before it wrote it is the same in all runs. */
static void clear_stack(fiber *f)
{
    char *from =
            f->deepest - f->bottom > UNSEEN ? f->deepest - UNSEEN : f->bottom;
    memset(from, 0, (size_t)(f->top - from));
    f->deepest = f->top;
}

#if defined __x86_64__ && !defined FIBER_UCONTEXT

void fiber_swap(void **save, void *load);
__asm__(".text\n"
        ".type fiber_swap, @function\n"
        "fiber_swap:\n" /* (void **save, void *load) */
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size fiber_swap, .-fiber_swap\n");

/* Six registers, the address to return to, and an end for who walks up. */
static void *first_frame(const fiber *f, void (*body)(void))
{
    uintptr_t *sp = (uintptr_t *)(void *)f->top - 1;
    *--sp = (uintptr_t)body;
    return sp - 6;
}

#elif defined __aarch64__ && !defined FIBER_UCONTEXT

void fiber_swap(void **save, void *load);
__asm__(".text\n"
        ".type fiber_swap, %function\n"
        "fiber_swap:\n" /* (void **save, void *load) */
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        ".size fiber_swap, .-fiber_swap\n");

static void *first_frame(const fiber *f, void (*body)(void))
{
    uintptr_t *sp = (uintptr_t *)(void *)(f->top - 16 - 160);
    sp[11] = (uintptr_t)body; /* x30, where ret goes */
    return sp;
}

#else

#include <ucontext.h>

/* The saved registers are a ucontext_t at the top of the stack. */
static void fiber_swap(void **save, void *load)
{
    ucontext_t here; /* stays, as long as the fiber is not running */
    *save = &here;   /* cppcheck-suppress autoVariables */
    swapcontext(&here, load);
}

static void *first_frame(const fiber *f, void (*body)(void))
{
    ucontext_t *context = (ucontext_t *)(void *)(f->top - 4096);
    getcontext(context);
    context->uc_stack.ss_sp = f->bottom;
    context->uc_stack.ss_size = (size_t)(f->top - f->bottom) - 4096;
    makecontext(context, body, 0);
    return context;
}

#endif

void fiber_start(fiber *f, void (*body)(void))
{
    clear_stack(f);
    if (local_size > 0)
        local_start(&f->locals);
    f->sp = first_frame(f, body);
}

void fiber_switch(fiber *from, fiber *to)
{
    if (local_size > 0)
        local_enter(&to->locals);
    fiber_swap(&from->sp, to->sp);
}
