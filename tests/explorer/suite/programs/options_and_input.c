/* expect: verdict=ok race=no with -- -n 2 --verbose last */
/* libc's own state is as at first in every run, and each thread that reads gets
 * what comes next. */
#include <assert.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *read_some(void *unused)
{
    assert(getchar() == EOF);
    return unused;
}

int main(int count, char **arguments)
{
    static const struct option names[] = {{"verbose", 0, NULL, 'v'}, {0}};
    int option, number = 0, verbose = 0;
    pthread_t threads[2];
    while ((option = getopt_long(count, arguments, "n:v", names, NULL)) != -1) {
        if (option == 'n')
            number = atoi(optarg);
        else
            verbose++;
    }
    assert(number == 2 && verbose == 1);
    assert(strcmp(arguments[optind], "last") == 0);
    for (int i = 0; i < number; i++)
        pthread_create(&threads[i], NULL, read_some, NULL);
    for (int i = 0; i < number; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
