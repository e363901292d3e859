/* expect: verdict=check says=write letter = 'A'$ */
/* expect: verdict=check says=write small = 65$ */
/* expect: verdict=check says=write name = "ada"$ */
/* expect: verdict=check says=write title = "a rather long..."$ */
/* expect: verdict=check says=write first = &tasks\[0\]$ */
/* expect: verdict=check says=write rank = &tasks\[0\].rank$ */
/* expect: verdict=check says=write any = &tasks\[1\]$ */
/* expect: verdict=check says=write place = &tasks\[1\].place$ */
/* expect: verdict=check says=write word = text$ */
/* expect: verdict=check says=write mark = &marks\[0\]$ */
/* expect: verdict=check says=write quote = '.''$ */
/* expect: verdict=check says=write none = ""$ */
/* expect: verdict=check says=write below = -1$ */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

typedef struct task {
    int rank;
    struct {
        int x, y;
    } place;
} task;

static task tasks[2];
static char letter, quote, text[] = "text", marks[2];
static uint8_t small;
static const char *name, *title, *none;
static long below;
static task *first;
static int *rank;
static void *any, *place, *word, *mark;

int main(void)
{
    letter = 'A';
    quote = '\'';
    small = 65;
    name = "ada";
    title = "a rather long name";
    first = &tasks[0];
    rank = &tasks[0].rank;
    any = &tasks[1];
    place = &tasks[1].place;
    none = "";
    below = -1;
    word = text;
    mark = marks;
    assert(letter != 'A' || small != 65 || name == NULL || title == NULL ||
            first != &tasks[0] || rank == NULL || any == NULL ||
            place == NULL || word == NULL || mark == NULL || quote == 0 ||
            none == NULL || below == 0);
    return 0;
}
