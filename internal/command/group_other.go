//go:build !unix

package command

import osexec "os/exec"

// ownGroup leaves the command as it is: there are no process groups here.
func ownGroup(*osexec.Cmd) {}

// killGroup ends the command.
func killGroup(cmd *osexec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}
