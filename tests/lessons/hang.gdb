# For docs/transfer.md: brings a program to a deadlock that may happen there, by
# hand. gdb has been told where to break; the thread that comes to that line
# sleeps for a second, while all others go on.
set pagination off
run
call (int)sleep(1)

# In place of Ctrl-C, a second later.
handle SIGALRM stop nopass
call (int)alarm(1)
continue
thread apply all backtrace
