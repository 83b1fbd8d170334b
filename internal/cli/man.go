package cli

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/envparity/parity"
)

func (c *command) manCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "man",
		Short: "Write the manual pages",
		Long:  "Writes one manual page a command into a directory, or that of parity itself to standard output.",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			header := &doc.GenManHeader{Title: "PARITY", Section: "1", Source: "parity " + c.Version, Manual: "Parity"}
			date := c.Now().UTC()
			header.Date = &date
			root := cmd.Root()
			root.DisableAutoGenTag = true
			if dir == "" {
				return doc.GenMan(root, header, c.Stdout)
			}
			dir = c.abs(dir)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return cannotWrite(dir, err)
			}
			return doc.GenManTree(root, header, dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "directory for a page of every command")
	return cmd
}

// cannotWrite says that a file of the user's choice could not be written.
func cannotWrite(path string, err error) error {
	return &parity.Error{Code: parity.CodeUsage, Where: path, What: "cannot write", Err: err}
}
