/*
 * Random numbers, the same in every run: each thread has its own, so that they
 * do not depend on the order of threads.
 */
#include "tests/explorer/model/model.h"

#include <stdlib.h>

int explored_rand_r(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return (int)(*seed >> 1 & RAND_MAX);
}

int explored_rand(void)
{
    return explored_rand_r(&run.self->rand);
}

long explored_random(void)
{
    return explored_rand();
}

void explored_srand(unsigned seed)
{
    run.self->rand = seed;
}

void explored_srandom(unsigned seed)
{
    run.self->rand = seed;
}

double explored_drand48(void)
{
    return (double)explored_rand() / ((double)RAND_MAX + 1);
}

long explored_lrand48(void)
{
    return explored_rand();
}

void explored_srand48(long seed)
{
    run.self->rand = (unsigned)seed;
}

uint32_t explored_arc4random(void)
{
    return (uint32_t)explored_rand() << 1;
}

uint32_t explored_arc4random_uniform(uint32_t below)
{
    return below < 2 ? 0 : (uint32_t)explored_rand() % below;
}
