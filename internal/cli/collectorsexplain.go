package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) explainCollectorsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ENVIRONMENT [SOURCE]",
		Short: "Show which metrics of an environment are read as requests, and how",
		Long: `Reads the sources of an environment that measure how services behave, or the one
of them that SOURCE names, and lists the metrics that count or time requests: by
what each was recognised (parity.yaml, a preset, or its form), which labels name
endpoints or what is called, and which say that a request failed.

What is wrong here is put right under telemetry.series in parity.yaml: a series
there is read in place of what a preset or the form says of its metric.`,
		Args: usageArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := c.Dir
			if c.project != "" {
				dir = c.abs(c.project)
			}
			source := ""
			if len(args) == 2 {
				source = args[1]
			}
			a := c.app(dir)
			var found []app.Recognised
			var gaps []parity.Gap
			err := c.watch(func(progress func(string)) (err error) {
				a.Progress = progress
				found, gaps, err = a.Recognised(cmd.Context(), args[0], source)
				return err
			})
			if err != nil {
				return err
			}
			c.printRecognised(args[0], found, gaps)
			return nil
		},
	}
}

// printRecognised lists metrics of requests by service.
func (c *command) printRecognised(environment string, found []app.Recognised, gaps []parity.Gap) {
	if len(found) == 0 {
		fmt.Fprintf(c.Stdout, "No metric of %s is read as one of requests; name the services' own under telemetry.series.\n", view.Line(environment))
	}
	service := ""
	for i, x := range found {
		if i == 0 || x.Service != service {
			service = x.Service
			fmt.Fprintf(c.Stdout, "%s\n", view.Line(service))
		}
		fmt.Fprintf(c.Stdout, "  %s  (%s)\n      %s\n", view.Line(x.Metric), seen(x), view.Line(x.How))
	}
	for _, g := range gaps {
		fmt.Fprintf(c.Stdout, "? %s\n", view.Line(g.Reason))
		if g.Hint != "" {
			fmt.Fprintf(c.Stdout, "      %s\n", view.Line(g.Hint))
		}
	}
}

// seen says how much was read from a metric.
func seen(x app.Recognised) string {
	var parts []string
	if x.Endpoints > 0 {
		parts = append(parts, view.Count(x.Endpoints, "endpoint", "endpoints"))
	}
	if x.Integrations > 0 {
		parts = append(parts, view.Count(x.Integrations, "integration", "integrations"))
	}
	if len(parts) == 0 {
		return "nothing is read from it"
	}
	return strings.Join(parts, ", ")
}
