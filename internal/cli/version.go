package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (c *command) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(c.Stdout, "parity %s %s %s/%s\n%s", c.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, renderers())
			return err
		},
	}
}

// renderers lists the versions of the libraries that render and parse, which
// decide what a snapshot holds.
func renderers() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	names := map[string]string{
		"sigs.k8s.io/kustomize/api":             "kustomize",
		"helm.sh/helm/v3":                       "helm",
		"github.com/compose-spec/compose-go/v2": "compose",
	}
	out := ""
	for _, m := range info.Deps {
		if name := names[m.Path]; name != "" {
			out += fmt.Sprintf("  %s %s\n", name, m.Version)
		}
	}
	return out
}
