//go:build !unix

package render

import (
	"os"
	osexec "os/exec"
)

// confine sets nothing: the system has no such limits. The guard and the
// process that reads the result hold the bounds alone.
func confine(Limits) {}

// apart leaves the process as it is.
func apart(*osexec.Cmd) {}

// kill ends the process.
func kill(cmd *osexec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}

// signalled reports whether a process was ended by a signal: there are none.
func signalled(any) bool { return false }

// needed are the variables that a process cannot do without.
func needed() []string {
	if root, ok := os.LookupEnv("SYSTEMROOT"); ok {
		return []string{"SYSTEMROOT=" + root}
	}
	return nil
}
