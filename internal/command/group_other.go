//go:build !unix

package command

import osexec "os/exec"

// ownGroup leaves the command as it is: there are no process groups here.
func ownGroup(*osexec.Cmd, string) {}

// killAll ends the command.
func killAll(cmd *osexec.Cmd, _ string, _ bool) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}
