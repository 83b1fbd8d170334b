package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
)

func (c *command) tracesCommand() *cobra.Command {
	out := outputFlags{formats: []string{"terminal", "json"}}
	var req app.TracesRequest
	cmd := &cobra.Command{
		Use:   "traces [DIRECTORY] ENDPOINT",
		Short: "Set the traces of one endpoint in two environments side by side",
		Long: `Takes traces of one endpoint from the sources of an environment and of the
reference, and tells what is called in one and not in the other, what is called
more often a request (an N+1 by that name), and where the time goes. ENDPOINT
is as the endpoint or its operation is called: 'GET /cart/{id}'.

All numbers are a request, so that environments may keep other shares of their
traces. What chance alone could explain is called not yet tellable.

Exit codes: 0 it was told; 2 usage or configuration; 3 could not tell.`,
		Example: `  parity traces 'GET /cart/{id}' --service cart --environment staging
  parity traces 'rpc shop.Cart/Add' -o json=cart.json
  parity traces 'GET /cart/{id}' --path before.jsonl --path after.jsonl`,
		Args: usageArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, rest := c.projectOf(args, 1)
			if len(rest) != 1 {
				return usageError(cmd, fmt.Errorf("name one endpoint"))
			}
			if len(req.Paths) > 0 {
				if err := c.noProject(cmd); err != nil {
					return err
				}
			}
			req.Endpoint = rest[0]
			return c.traces(cmd, dir, req, &out)
		},
	}
	f := cmd.Flags()
	f.StringArrayVarP(&out.outputs, "output", "o", nil, "report as FORMAT=FILE; several may be given, FORMAT alone or FILE - is standard output (terminal, json)")
	f.StringVar(&out.format, "format", "", "report in this format on standard output")
	cmd.MarkFlagsMutuallyExclusive("output", "format")
	f.StringVar(&req.Service, "service", "", "service that serves the endpoint (default: any)")
	f.StringVar(&req.Environment, "environment", "", "environment to compare with the reference, where there are several")
	f.StringArrayVar(&req.Paths, "path", nil, "compare two files of traces instead, without a parity.yaml; the last one is the reference")
	return cmd
}

// traces makes the comparison, writes it and sets the exit code.
func (c *command) traces(cmd *cobra.Command, dir string, req app.TracesRequest, out *outputFlags) error {
	targets, err := out.named(cmd)
	if err != nil {
		return err
	}
	var told bool
	var write map[string]func(io.Writer) error
	err = c.watch(func(progress func(string)) error {
		a := c.app(dir)
		a.Progress = progress
		result, err := a.Traces(cmd.Context(), req)
		if err != nil {
			return err
		}
		told = result.Tellable
		write = map[string]func(io.Writer) error{
			"terminal": result.Write,
			"json": func(w io.Writer) error {
				e := json.NewEncoder(w)
				e.SetIndent("", "  ")
				e.SetEscapeHTML(false)
				return e.Encode(result)
			},
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range targets {
		if err := c.emit(t.file, t.name, write[t.name]); err != nil {
			return err
		}
	}
	if !told {
		c.code = exitUnknown
	}
	return nil
}
