/*
 * The figures of each primitive; one file for each.
 */
#ifndef LOCKSTEP_BENCH_BENCH_H
#define LOCKSTEP_BENCH_BENCH_H

void bench_lock(void);
void bench_rlock(void);
void bench_semaphore(void);
void bench_event(void);
void bench_condition(void);
void bench_barrier(void);
void bench_queue(void);
void bench_priority(void);
void bench_timer(void);
void bench_local(void);
void bench_sizes(void);

#endif
