package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) initCommand() *cobra.Command {
	var force bool
	var observe app.Observe
	cmd := &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Look at a directory and write a first parity.yaml that runs",
		Long: `Looks for kustomize overlays, Helm values, manifests, Compose and dotenv files
by environment, and writes a parity.yaml that already runs. It also makes
.parity/key, which keys the digests of secrets and is kept out of git.

With --prometheus it asks a server (Prometheus, Thanos, Mimir, VictoriaMetrics)
which presets fit its metrics of requests, and which label tells the environments
apart, and adds it as a source. With --kube it reads what runs in the context of
the kubeconfig: each context is an environment, and with CONTEXT/NAMESPACE-GLOB
each namespace that fits. Where the directory declares no environments, these make
the parity.yaml. It only reads.`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := c.Dir
			switch {
			case c.project != "":
				dir = c.abs(c.project)
			case len(args) == 1:
				dir = c.abs(args[0])
			}
			if !isDir(dir) {
				return &parity.Error{Code: parity.CodeUsage, Where: dir, What: "is not a directory"}
			}
			done, err := c.app(dir).Initialise(cmd.Context(), force, observe)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.Stdout, "%s compares %s\n", done.Path, strings.Join(done.Environments, ", "))
			for _, n := range done.Notes {
				fmt.Fprintln(c.Stdout, view.Line(n))
			}
			if done.Key {
				fmt.Fprintln(c.Stdout, ".parity/key keys the digests of secrets; share it with those who compare snapshots, and keep it out of git")
			}
			fmt.Fprintln(c.Stdout, "next: parity check")
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a parity.yaml that is there")
	cmd.Flags().StringArrayVar(&observe.Kube, "kube", nil, "CONTEXT or CONTEXT/NAMESPACE-GLOB of the kubeconfig that runs an environment, or one in each namespace; repeatable")
	cmd.Flags().StringVar(&observe.Prometheus, "prometheus", "", "URL of a server with the Prometheus API that has the environments' metrics")
	return cmd
}
