/* expect: verdict=use-after-free race=yes */
/* strtok keeps a pointer for all threads: one goes on in the text of another,
 * which may be gone. The replay must know whose stack is shared. */
#include <pthread.h>
#include <string.h>

static void *split(void *unused)
{
    char text[] = "a b c";
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        ;
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, split, NULL);
    pthread_create(&b, NULL, split, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
