package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
)

// projectOf gives the project's directory and the arguments that are left:
// the flag's, else the first argument where it is a directory and either is
// one more than the command needs or holds a parity.yaml.
func (c *command) projectOf(args []string, most int) (dir string, rest []string) {
	if c.project != "" {
		return c.abs(c.project), args
	}
	if len(args) > 0 && isDir(c.abs(args[0])) && (len(args) > most || isFile(filepath.Join(c.abs(args[0]), app.ConfigName))) {
		return c.abs(args[0]), args[1:]
	}
	return c.Dir, args
}

// noProject refuses the flag of a project's directory where paths are compared
// without one.
func (c *command) noProject(cmd *cobra.Command) error {
	if c.project == "" {
		return nil
	}
	return usageError(cmd, errors.New("-C names a project, and paths are compared without one; paths are relative to the working directory"))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
