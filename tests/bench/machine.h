/*
 * What the figures were measured on.
 */
#ifndef LOCKSTEP_BENCH_MACHINE_H
#define LOCKSTEP_BENCH_MACHINE_H

void print_machine(void);

#endif
