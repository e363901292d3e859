/* expect: verdict=ok race=no */
/* Input is the same in every run: here, none. */
#include <pthread.h>
#include <stdio.h>

static int number = 7;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *add(void *unused)
{
    pthread_mutex_lock(&lock);
    number++;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    char line[10];
    int first = 0;
    if (fgets(line, sizeof line, stdin) != NULL)
        first = sscanf(line, "%d", &number) == 1 ? 1 : 0;
    pthread_t a, b;
    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return first ? number - 44 : number - 9;
}
