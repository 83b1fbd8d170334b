package component

import (
	"os/exec"
	"syscall"
)

// endWithTest lets the system end the server when the test binary ends without
// running its cleanups, as it does after a timeout or a panic.
func endWithTest(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
