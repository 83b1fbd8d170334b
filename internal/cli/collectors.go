package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/all"
)

func (c *command) collectorsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "collectors [NAME]",
		Short: "List what can be read, or print a collector's page",
		Args:  usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return c.printCollector(args[0])
			}
			tw := tabwriter.NewWriter(c.Stdout, 0, 8, 2, ' ', 0)
			for _, k := range all.Collectors() {
				fmt.Fprintf(tw, "%s\t%s\n", k.Name, k.Summary)
			}
			return tw.Flush()
		},
	}
	cmd.AddCommand(c.explainCollectorsCommand())
	return cmd
}

func (c *command) printCollector(name string) error {
	k, ok := all.Collectors().Find(name)
	if !ok {
		return &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("there is no collector %q", name),
			Hint: "there are " + strings.Join(all.Collectors().Names(), ", "),
		}
	}
	_, err := fmt.Fprint(c.Stdout, collector.Markdown(k))
	return err
}
