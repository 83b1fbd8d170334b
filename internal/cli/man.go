package cli

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/envparity/parity/internal/atomicfile"
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
			if err := atomicfile.Dir(dir, dir, 0o755); err != nil {
				return err
			}
			return manTree(root, header, dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "directory for a page of every command")
	return cmd
}

// manTree writes the page of a command and those of the commands below it.
func manTree(cmd *cobra.Command, header *doc.GenManHeader, dir string) error {
	for _, below := range cmd.Commands() {
		if !below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := manTree(below, header, dir); err != nil {
			return err
		}
	}
	var page bytes.Buffer
	its := *header
	if err := doc.GenMan(cmd, &its, &page); err != nil {
		return err
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + "." + header.Section
	return atomicfile.Replace(filepath.Join(dir, name), name, page.Bytes(), 0o644)
}
