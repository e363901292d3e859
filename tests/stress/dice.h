/*
 * Random numbers that are the same for the same seed, on every machine.
 *
 * Source: Steele, Lea & Flood, "Fast splittable pseudorandom number
 * generators", 2014 (SplitMix).
 */
#ifndef STRESS_DICE_H
#define STRESS_DICE_H

#include <stdint.h>

typedef uint64_t dice;

/* A number from 0 to n-1. */
static inline unsigned roll(dice *d, unsigned n)
{
    *d += 0x9e3779b97f4a7c15u;
    uint64_t mixed = *d;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((mixed ^ (mixed >> 31)) % n);
}

#endif
