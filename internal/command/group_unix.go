//go:build unix

package command

import (
	osexec "os/exec"
	"syscall"
)

// ownGroup gives the command a process group of its own, so that all that it
// starts ends with it.
func ownGroup(cmd *osexec.Cmd, mark string) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		killAll(cmd, mark, true)
		return nil
	}
}

// killAll ends the group of a command that was started, and what has left the
// group as far as the system lets it be found. running says that nobody has waited
// for the command yet; afterwards its number may be another's.
func killAll(cmd *osexec.Cmd, mark string, running bool) {
	if cmd.Process == nil {
		return
	}
	pid := 0
	if running {
		pid = cmd.Process.Pid
	}
	left := strays(pid, mark)
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	endStrays(left, mark)
}
