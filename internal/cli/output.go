package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report"
)

// outputFlags are the flags of every command that reports a result.
type outputFlags struct {
	outputs []string
	format  string
	all     bool
	long    bool
	noColor bool
	width   int
}

func (o *outputFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "report as FORMAT=FILE; several may be given, FORMAT alone or FILE - is standard output ("+strings.Join(formatNames(), ", ")+")")
	f.StringVar(&o.format, "format", "", "report in this format on standard output")
	f.BoolVar(&o.all, "all", false, "show what does not count against parity too")
	f.BoolVar(&o.long, "long", false, "show every member of a group and every line of a list")
	f.BoolVar(&o.noColor, "no-color", false, "no colours (as with the environment variable NO_COLOR)")
	f.IntVar(&o.width, "width", 0, "columns of the terminal (default: the terminal's, or 80)")
	cmd.MarkFlagsMutuallyExclusive("output", "format")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// target is one report to write: a format, and a file or "-".
type target struct {
	format report.Format
	file   string
}

// targets reads the flags before any work is done, so that a wrong one costs
// nothing.
func (o *outputFlags) targets(cmd *cobra.Command) ([]target, error) {
	asked := o.outputs
	if o.format != "" {
		asked = []string{o.format}
	}
	if len(asked) == 0 {
		asked = []string{report.Formats()[0].Name}
	}
	var out []target
	stdout := 0
	for _, a := range asked {
		name, file, ok := strings.Cut(a, "=")
		if !ok || file == "" {
			file = "-"
		}
		format, known := report.Find(name)
		if !known {
			return nil, usageError(cmd, fmt.Errorf("there is no report format %q: want one of %s", name, strings.Join(formatNames(), ", ")))
		}
		if file == "-" {
			stdout++
		}
		out = append(out, target{format, file})
	}
	if stdout > 1 {
		return nil, usageError(cmd, fmt.Errorf("two reports cannot share standard output; name a file for one, as in --output json=result.json"))
	}
	return out, nil
}

// write writes every report. A file is written whole or not at all.
func (c *command) write(r *parity.Result, o *outputFlags, targets []target) error {
	for _, t := range targets {
		var buf bytes.Buffer
		if err := t.format.Write(&buf, r, c.look(o, t.file == "-")); err != nil {
			return fmt.Errorf("write the report %s: %w", t.format.Name, err)
		}
		if t.file == "-" {
			if _, err := io.Copy(c.Stdout, &buf); err != nil {
				return fmt.Errorf("write to standard output: %w", err)
			}
			continue
		}
		if err := os.WriteFile(c.abs(t.file), buf.Bytes(), 0o644); err != nil {
			return cannotWrite(t.file, err)
		}
	}
	return nil
}

// look gives the options of a report by flags, terminal and environment.
func (c *command) look(o *outputFlags, stdout bool) report.Options {
	opts := report.Options{Width: o.width, All: o.all, Verbose: o.long}
	if !stdout {
		return opts
	}
	if opts.Width == 0 {
		opts.Width = c.Width
	}
	none, _ := c.Lookup("NO_COLOR")
	dumb, _ := c.Lookup("TERM")
	_, forced := c.Lookup("FORCE_COLOR")
	opts.Color = !o.noColor && none == "" && (forced || c.Width > 0 && dumb != "dumb")
	return opts
}
