/*
 * make bench: the library's primitives beside those of others, in one run.
 *
 * The figures of one machine say little about another; the ratios say more. So
 * the machine is named, and everything is measured anew, ours and the peers.
 */
#include "tests/bench/bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/machine.h"
#include "tests/bench/measure.h"
#include "tests/bench/report.h"

static const struct {
    const char *name;
    void (*run)(void);
} benches[] = {
        {"lock", bench_lock},
        {"rlock", bench_rlock},
        {"semaphore", bench_semaphore},
        {"event", bench_event},
        {"condition", bench_condition},
        {"barrier", bench_barrier},
        {"queue", bench_queue},
        {"priority", bench_priority},
        {"timer", bench_timer},
        {"local", bench_local},
        {"sizes", bench_sizes},
};
enum { BENCHES = sizeof benches / sizeof benches[0] };

static bool quick;
static const char *only; /* the name of one, or NULL for all */

static void print_help(void)
{
    printf("usage: bench [--quick] [--only NAME] [--help]\n"
           "\n"
           "Measures the library side by side with pthreads, POSIX "
           "semaphores, C11 threads,\n"
           "GLib and the forms of the textbooks. It takes a minute and a "
           "half, and wants the\n"
           "machine for itself.\n"
           "\n"
           "  --quick      ten seconds: fewer and shorter rounds\n"
           "  --only NAME  one of:");
    for (int i = 0; i < BENCHES; i++)
        printf("%s %s", i == 6 ? "\n              " : "", benches[i].name);
    printf("\n  --help       this\n");
}

static bool is_bench(const char *name)
{
    for (int i = 0; i < BENCHES; i++) {
        if (strcmp(benches[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Gives -1 to go on, or the status to exit with. */
static int read_arguments(int n, char **args)
{
    for (int i = 1; i < n; i++) {
        if (strcmp(args[i], "--help") == 0) {
            print_help();
            return 0;
        }
        if (strcmp(args[i], "--quick") == 0) {
            quick = true;
        } else if (strcmp(args[i], "--only") == 0) {
            only = i + 1 < n ? args[++i] : "";
            if (!is_bench(only)) {
                fprintf(stderr, "bench: --only wants a name; see --help\n");
                return 2;
            }
        } else {
            fprintf(stderr, "bench: unknown argument '%s'; see --help\n",
                    args[i]);
            return 2;
        }
    }
    return -1;
}

int main(int n, char **args)
{
    int status = read_arguments(n, args);
    if (status >= 0)
        return status;

    int64_t begin = now_ns();
    if (quick)
        compare_quickly();
    print_machine();
    report_legend();
    park_a_thread();
    for (int i = 0; i < BENCHES; i++) {
        if (only == NULL || strcmp(benches[i].name, only) == 0) {
            report_heading(benches[i].name);
            benches[i].run();
        }
    }
    dismiss_it();
    report_aims();
    printf("\nIt took %.0f seconds.\n", (double)(now_ns() - begin) / 1e9);
    return 0;
}
