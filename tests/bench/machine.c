#define _GNU_SOURCE /* for the number of processors, and libc's version */
#include "tests/bench/machine.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LINE = 256 };

#if defined(__clang__)
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* Prints what a line of /proc/cpuinfo says after its colon; there is none that
 * names the model on some machines. */
static void print_model(FILE *cpuinfo)
{
    char line[LINE];
    while (fgets(line, sizeof line, cpuinfo) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", strlen("model name")) == 0 &&
                colon != NULL) {
            line[strcspn(line, "\n")] = '\0';
            printf("%s, ", colon + strspn(colon, ": "));
            return;
        }
    }
}

void print_machine(void)
{
    char libc[LINE] = "unknown";
    struct utsname system;
    confstr(_CS_GNU_LIBC_VERSION, libc, sizeof libc);
    if (uname(&system) != 0)
        memset(&system, 0, sizeof system);

    printf("processor  ");
    FILE *cpuinfo = fopen("/proc/cpuinfo", "r");
    if (cpuinfo != NULL) {
        print_model(cpuinfo);
        fclose(cpuinfo);
    }
    printf("%s, %ld online\n", system.machine, sysconf(_SC_NPROCESSORS_ONLN));
    printf("kernel     %s %s\n", system.sysname, system.release);
    printf("libc       %s\n", libc);
    printf("GLib       %u.%u.%u\n", glib_major_version, glib_minor_version,
            glib_micro_version);
    printf("compiler   %s\n\n", COMPILER);
}
