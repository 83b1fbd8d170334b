package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/jsonreport"
)

func (c *command) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema [config|result|drift]",
		Short:     "Print the JSON Schema of parity.yaml, or of a result as JSON",
		Args:      usageArgs(cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs)),
		ValidArgs: []string{"config", "result", "drift"},
		RunE: func(_ *cobra.Command, args []string) error {
			schema := jsonreport.Schema()
			switch {
			case len(args) > 0 && args[0] == "drift":
				schema = jsonreport.DriftSchema()
			case len(args) == 0 || args[0] == "config":
				var err error
				if schema, err = app.ConfigSchema(); err != nil {
					return fmt.Errorf("make the schema of parity.yaml: %w", err)
				}
			}
			_, err := c.Stdout.Write(schema)
			return err
		},
	}
}
