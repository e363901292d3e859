/* expect: verdict=race race=yes says=text with -- memcpy */
/* expect: verdict=race race=yes says=text with -- memset */
/* expect: verdict=race race=yes says=text with -- strcpy */
/* expect: verdict=race race=yes says=text with -- strlen */
/* expect: verdict=race race=yes says=text with -- snprintf */
/* expect: verdict=race race=yes says=text with -- printf */
/* expect: verdict=race race=yes says=text with -- qsort */
/* expect: verdict=race race=yes says=text with -- bsearch */
/* expect: verdict=race race=yes says=text with -- atoi */
/* expect: verdict=race race=yes says=text with -- sscanf */
/* expect: verdict=race race=yes says=strtok's place with -- strtok */
/* expect: verdict=race race=yes says=localtime's result with -- localtime */
/* expect: verdict=race race=yes says=text with -- printf-dot */
/* expect: verdict=race race=yes says=text with -- constant */
/* expect: verdict=ok race=no with -- nothing */
/* What libc reads and writes for a thread is an access of that thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char text[16] = "7";
static char copy[16];
static const char *call;
static time_t now;

static int compare(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

static int is(const char *name)
{
    return strcmp(call, name) == 0;
}

/* Of two threads, one writes the text and the other looks at it. */
static void *use(void *writes)
{
    char mine[16] = "1 2";
    int number;
    if (is("strtok"))
        strtok(mine, " ");
    if (is("localtime"))
        localtime(&now);
    if (writes != NULL) {
        if (!is("nothing") && !is("strtok") && !is("localtime"))
            text[0] = '8';
    } else if (is("memcpy")) {
        memcpy(mine, text, sizeof mine);
    } else if (is("memset")) {
        memset(text, 0, sizeof text);
    } else if (is("strcpy")) {
        strcpy(mine, text);
    } else if (is("strlen")) {
        number = (int)strlen(text);
    } else if (is("snprintf")) {
        snprintf(copy, sizeof copy, "%d %s", 1, text);
    } else if (is("printf")) {
        printf("%s\n", text);
    } else if (is("printf-dot")) {
        printf("%.2f and %.3s. Done.\n", 1.0, text);
    } else if (is("constant")) {
        strcpy(text, "abc");
    } else if (is("qsort")) {
        qsort(text, 2, 1, compare);
    } else if (is("bsearch")) {
        bsearch("7", text, 1, 1, compare);
    } else if (is("atoi")) {
        number = atoi(text);
    } else if (is("sscanf")) {
        sscanf("9", "%c", text);
    }
    (void)number;
    return NULL;
}

int main(int count, char **arguments)
{
    pthread_t a, b;
    call = count > 1 ? arguments[1] : "nothing";
    pthread_create(&a, NULL, use, NULL);
    pthread_create(&b, NULL, use, &b);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
