/*
 * What the player types: several wishes a line, "AABB", "3A u", "A.2". Threads
 * have capital letters and commands small ones, but only where both would be
 * possible does it matter.
 */
#include "tests/explorer/play/play.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MOST_WISHES = 1000 };

static wish wishes[MOST_WISHES];
static size_t wish_count, wish_next;

static void add_wish(wish_kind kind, int thread, int way)
{
    if (wish_count < MOST_WISHES)
        wishes[wish_count++] = (wish){kind, (uint8_t)thread, (uint8_t)way};
}

/* --- Words and letters -----------------------------------------------------*/

static const struct {
    const char *word;
    char letter;
    wish_kind kind;
} commands[] = {{"undo", 'u', WISH_UNDO}, {"new", 'n', WISH_ANEW},
        {"hint", 'h', WISH_HINT}, {"list", 'l', WISH_LIST},
        {"help", '?', WISH_HELP}, {"quit", 'q', WISH_QUIT},
        {"exit", 'q', WISH_QUIT}};

enum { COMMANDS = sizeof commands / sizeof *commands };

/* The whole line is one word. */
static bool read_word(const char *line)
{
    for (int i = 0; i < COMMANDS; i++)
        if (strcasecmp(line, commands[i].word) == 0) {
            add_wish(commands[i].kind, 0, 0);
            return true;
        }
    return false;
}

/* The longest name that stands there; -1: none. */
static int read_thread(const char **at)
{
    bool is_main = strncasecmp(*at, "main", 4) == 0;
    if (is_main || **at == 'm') {
        *at += is_main ? 4 : 1;
        return 0;
    }
    if (strchr("unhlq", **at) != NULL)
        return -1;
    for (int i = most_threads - 1; i > 0; i--) {
        size_t length = strlen(thread_name(i));
        if (strncasecmp(*at, thread_name(i), length) == 0) {
            *at += length;
            return i;
        }
    }
    if (**at != 'M')
        return -1;
    ++*at;
    return 0;
}

static bool read_command(const char **at)
{
    for (int i = 0; i < COMMANDS; i++)
        if (tolower((unsigned char)**at) == commands[i].letter) {
            ++*at;
            add_wish(commands[i].kind, 0, 0);
            return true;
        }
    return false;
}

/* "A", "3A", "A.2" or "u". */
static bool read_wish(const char **at)
{
    char *end;
    long times = 1;
    if (isdigit((unsigned char)**at)) {
        times = strtol(*at, &end, 10);
        *at = end + strspn(end, " ");
    }
    int way = ANY_WAY, id = read_thread(at);
    if (id < 0)
        return read_command(at);
    if (**at == '.' && isdigit((unsigned char)(*at)[1])) {
        way = (int)strtol(*at + 1, &end, 10);
        *at = end;
    }
    for (long i = 0; i < times && i < MOST_WISHES; i++)
        add_wish(WISH_THREAD, id, way > ANY_WAY ? ANY_WAY : way);
    return true;
}

static void read_wishes(const char *line)
{
    const char *at = line;
    wish_count = wish_next = 0;
    if (*line == '\0')
        add_wish(WISH_SAME, 0, 0);
    if (read_word(line))
        return;
    while (*at != '\0') {
        if (!read_wish(&at)) {
            printf("  There is no \"%.20s\". Type the name of a thread, or "
                   "several as AAB; ? tells more.\n",
                    at);
            wish_count = 0;
            return;
        }
        at += strspn(at, " ,\t");
    }
}

/* --- Lines -----------------------------------------------------------------*/

static volatile sig_atomic_t is_interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

/* NULL at the end of the input, or if somebody would rather end the game. */
static char *read_line(void)
{
    static char *line;
    static size_t room;
    struct sigaction stop = {.sa_handler = on_interrupt}, old;
    fflush(stdout);
    sigaction(SIGINT, &stop, &old);
    ssize_t length = getline(&line, &room, stdin);
    sigaction(SIGINT, &old, NULL);
    if (length < 0 || is_interrupted)
        return NULL;
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line + strspn(line, " \t");
}

wish next_wish(void)
{
    while (wish_next == wish_count) {
        const char *line = read_line();
        if (line == NULL)
            return (wish){WISH_END, 0, 0};
        if (!isatty(STDIN_FILENO))
            printf("%s\n", line);
        read_wishes(line);
        if (wish_count == 0)
            printf("  > ");
    }
    return wishes[wish_next++];
}

bool has_wishes(void)
{
    return wish_next < wish_count;
}

size_t forget_wishes(void)
{
    size_t left = wish_count - wish_next;
    wish_next = wish_count = 0;
    return left;
}
