package cli

import (
	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
)

func (c *command) diffCommand() *cobra.Command {
	var out outputFlags
	var judge judgeFlags
	cmd := &cobra.Command{
		Use:   "diff PATH PATH...",
		Short: "Compare paths without a parity.yaml; the last one is the reference",
		Long: `Compares files, directories, kustomizations, Helm charts, Compose files,
snapshots and git revisions (git:REVISION:PATH), with no parity.yaml. The last
path is the reference; the environments are named after their paths.

The verdict is shown, but only --fail-on makes it fail the command.`,
		Example: `  parity diff staging.yaml production.yaml
  parity diff deploy/overlays/staging deploy/overlays/production
  parity diff git:main:deploy/overlays/staging deploy/overlays/staging`,
		Args: usageArgs(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.noProject(cmd); err != nil {
				return err
			}
			return c.report(cmd, c.Dir, app.Request{Paths: args}, &judge, &out)
		},
	}
	out.add(cmd)
	judge.add(cmd)
	return cmd
}
