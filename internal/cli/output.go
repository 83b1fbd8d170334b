package cli

import (
	"fmt"
	"io"
	"slices"
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
	// formats are the names of the formats that there are; those of a result
	// where it is empty.
	formats []string
}

func (o *outputFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "report as FORMAT=FILE; several may be given, FORMAT alone or FILE - is standard output ("+strings.Join(o.known(), ", ")+")")
	f.StringVar(&o.format, "format", "", "report in this format on standard output")
	f.BoolVar(&o.all, "all", false, "show what does not count against parity too")
	f.BoolVar(&o.long, "long", false, "show every member of a group and every line of a list")
	f.BoolVar(&o.noColor, "no-color", false, "no colours (as with the environment variable NO_COLOR)")
	f.IntVar(&o.width, "width", 0, "columns of the terminal (default: the terminal's, or 80)")
	cmd.MarkFlagsMutuallyExclusive("output", "format")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(o.known(), cobra.ShellCompDirectiveNoFileComp))
}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// target is one report to write: a format's name, and a file or "-".
type target struct {
	name, file string
}

// known are the names of the formats.
func (o *outputFlags) known() []string {
	if o.formats == nil {
		return formatNames()
	}
	return o.formats
}

// named reads the flags before any work is done, so that a wrong one costs
// nothing.
func (o *outputFlags) named(cmd *cobra.Command) ([]target, error) {
	asked := o.outputs
	if o.format != "" {
		asked = []string{o.format}
	}
	if len(asked) == 0 {
		asked = o.known()[:1]
	}
	var out []target
	stdout := 0
	for _, a := range asked {
		name, file, ok := strings.Cut(a, "=")
		if !ok || file == "" {
			file = "-"
		}
		if !slices.Contains(o.known(), name) {
			return nil, usageError(cmd, fmt.Errorf("there is no report format %q: want one of %s", name, strings.Join(o.known(), ", ")))
		}
		if file == "-" {
			stdout++
		}
		out = append(out, target{name, file})
	}
	if stdout > 1 {
		return nil, usageError(cmd, fmt.Errorf("two reports cannot share standard output; name a file for one, as in --output json=result.json"))
	}
	return out, nil
}

// write writes every report. A file is written whole or not at all.
func (c *command) write(r *parity.Result, o *outputFlags, targets []target) error {
	for _, t := range targets {
		format, _ := report.Find(t.name)
		err := c.emit(t.file, t.name, func(w io.Writer) error { return format.Write(w, r, c.look(o, t.file == "-")) })
		if err != nil {
			return err
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
