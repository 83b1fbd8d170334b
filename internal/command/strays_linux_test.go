package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestNothingSurvives holds that what a command has started ends with it, also
// where it has left the command's group, and its parent is gone.
func TestNothingSurvives(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("there is no setsid here:", err)
	}
	for name, script := range map[string]string{
		"in the group":               `sh -c 'echo $$ > pid; exec sleep 300' & wait`,
		"in a session of its own":    `setsid sh -c 'echo $$ > pid; exec sleep 300' & wait`,
		"an orphan":                  `(setsid sh -c 'echo $$ > pid; exec sleep 300' &) ; sleep 300`,
		"with an environment of its": `env -i setsid /bin/sh -c 'echo $$ > pid; exec /bin/sleep 300' & wait`,
		"after the command":          `setsid sh -c 'echo $$ > pid; exec sleep 300' & sleep 0.3`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			r := Run{Command: []string{"sh", "-c", script}, Dir: dir, Most: 100, Timeout: 2 * time.Second}
			if _, err := r.Output(t.Context()); err == nil {
				t.Error("the command ended by itself")
			}
			text, err := os.ReadFile(filepath.Join(dir, "pid"))
			if err != nil {
				t.Fatal("the command did not begin:", err)
			}
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				if _, alive := parentOf(pid); !alive {
					return
				}
				if time.Now().After(deadline) {
					_ = exec.Command("kill", "-9", strconv.Itoa(pid)).Run()
					t.Fatal("it survives")
				}
			}
		})
	}
}
