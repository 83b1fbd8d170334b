//go:build unix

package render

import (
	osexec "os/exec"
	"syscall"
	"time"
)

// unused is what the runtime maps without using it, which counts against the
// system's limit of data.
const unused = 384 << 20

// maxOpen bounds the files that are open at once.
const maxOpen = 256

// confine sets the system's limits for this process. What a system refuses is
// left: the guard and the process that reads the result hold the same bounds.
func confine(l Limits) {
	set := func(which int, n uint64) {
		var now syscall.Rlimit
		if syscall.Getrlimit(which, &now) != nil {
			return
		}
		set := limitOf(n)
		if uint64(now.Max) < n { //nolint:unconvert // signed on some systems
			set = now.Max
		}
		_ = syscall.Setrlimit(which, &syscall.Rlimit{Cur: set, Max: set})
	}
	set(syscall.RLIMIT_CORE, 0)
	set(syscall.RLIMIT_FSIZE, 0)
	set(syscall.RLIMIT_NOFILE, maxOpen)
	set(syscall.RLIMIT_DATA, uint64(l.Memory)+unused+shadow)
	if mapped := addressSpace(); mapped > 0 && shadow == 0 {
		set(syscall.RLIMIT_AS, mapped+uint64(l.Memory)+unused)
	}
	set(syscall.RLIMIT_CPU, uint64(processorTime(l)/time.Second))
}

// processorTime bounds the processor time of a process that renders, over all
// its jobs: it is asked for no more once these took l.Time, so that they take
// at most twice as long. The rest is room for the collector.
func processorTime(l Limits) time.Duration { return 5*l.Time + 10*time.Second }

// apart gives the process a group of its own: an interrupt from the terminal
// is for the process that started it.
func apart(cmd *osexec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// kill ends the process and all that it started.
func kill(cmd *osexec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// signalled reports whether a process was ended by a signal.
func signalled(status any) bool {
	w, ok := status.(syscall.WaitStatus)
	return ok && w.Signaled()
}

// needed are the variables that a process cannot do without: none.
func needed() []string { return nil }
