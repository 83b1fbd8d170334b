package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) snapshotCommand() *cobra.Command {
	var out, role string
	cmd := &cobra.Command{
		Use:   "snapshot [DIRECTORY] ENVIRONMENT",
		Short: "Write what one environment holds to a file that another machine can compare",
		Long: `Reads one environment of a project (or one instance: ENVIRONMENT/INSTANCE) and
writes its facts, with where each was read and with what could not be looked at.
Secrets are in it only as keyed digests; two snapshots compare them only if they
were made with the same key. A tag of the key says who wrote the file; without a
key that lasts there is none, and a gate that blocks cannot tell.`,
		Args: usageArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, rest := c.projectOf(args, 1)
			if len(rest) != 1 {
				return usageError(cmd, fmt.Errorf("name one environment"))
			}
			asked, err := roleFlag(cmd, role)
			if err != nil {
				return err
			}
			if err := c.checkFetch(); err != nil {
				return err
			}
			a := c.app(dir)
			var s *parity.Snapshot
			err = c.watch(func(progress func(string)) (err error) {
				a.Progress = progress
				s, err = a.Snapshot(cmd.Context(), rest[0], asked)
				return err
			})
			if err != nil {
				return err
			}
			return c.writeSnapshot(a, s, out)
		},
	}
	addRoleFlag(cmd, &role)
	c.addFetch(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "file; - is standard output (default: ENVIRONMENT"+app.SnapshotExtension+" in the working directory)")
	return cmd
}

func (c *command) writeSnapshot(a *app.App, s *parity.Snapshot, out string) error {
	var buf bytes.Buffer
	if err := a.WriteSnapshot(&buf, s); err != nil {
		return fmt.Errorf("write the snapshot: %w", err)
	}
	if out == "-" {
		_, err := c.Stdout.Write(buf.Bytes())
		return err
	}
	if out == "" {
		out = strings.ReplaceAll(s.Column.String(), "/", "-") + app.SnapshotExtension
	}
	if err := atomicfile.WriteOutput(c.abs(out), out, buf.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.Stderr, "%s: %s, %s, %s\n", view.Line(filepath.ToSlash(out)),
		view.Count(len(s.Subjects), "subject", "subjects"), view.Count(s.Facts(), "fact", "facts"), view.Count(len(s.Gaps), "gap", "gaps"))
	return nil
}
