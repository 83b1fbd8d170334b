package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/report"
)

// driftFlags are the flags of parity drift besides those of every report.
type driftFlags struct {
	desired, live, history []string
	failOn                 string
}

func (c *command) driftCommand() *cobra.Command {
	out := outputFlags{formats: driftFormatNames()}
	var flags driftFlags
	cmd := &cobra.Command{
		Use:   "drift [DIRECTORY] ENVIRONMENT",
		Short: "Compare what an environment runs with what it declares",
		Long: `Compares the live side of one environment (or of one instance:
ENVIRONMENT/INSTANCE) with its declared side, and prints what was changed by
hand: who wrote it, when, and what writing the declared value again would do.
Only what is declared is compared. What an autoscaler, a controller or an
admission rule decides is named as theirs and does not count. Nothing is ever
changed.

Exit codes: 0 no drift decides, or the mode is report-only; 1 drift blocks;
2 usage or configuration; 3 could not tell.`,
		Example: `  parity drift production
  parity drift production/eu --fail-on high
  parity drift production --history 'snapshots/production-*.parity'
  parity drift production --live cluster.yaml`,
		Args: usageArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, rest := c.projectOf(args, 1)
			if len(rest) != 1 {
				return usageError(cmd, fmt.Errorf("name one environment"))
			}
			if err := c.checkFetch(); err != nil {
				return err
			}
			return c.drift(cmd, dir, rest[0], &flags, &out)
		},
	}
	out.add(cmd)
	c.addFetch(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&flags.desired, "desired", nil, "take the declared side from a file, directory or snapshot: [ENVIRONMENT/INSTANCE=]PATH")
	f.StringArrayVar(&flags.live, "live", nil, "take the live side from a snapshot, or a file as of kubectl get -o yaml: [ENVIRONMENT/INSTANCE=]PATH")
	f.StringArrayVar(&flags.history, "history", nil, "earlier snapshots of the live side, as a pattern of files: tells since when each drift is there, and how many appeared each week")
	f.BoolVar(&c.noCache, "no-cache", false, "read everything, also what has not changed since the last run")
	f.StringVar(&flags.failOn, "fail-on", "", "least severity that fails the verdict, and that it blocks: info, low, medium, high, critical")
	return cmd
}

// drift runs the comparison, writes the reports and sets the exit code.
func (c *command) drift(cmd *cobra.Command, dir, environment string, flags *driftFlags, out *outputFlags) error {
	targets, err := out.named(cmd)
	if err != nil {
		return err
	}
	req := app.DriftRequest{
		Environment: environment, Desired: standIns(flags.desired), Live: standIns(flags.live), History: flags.history,
	}
	if req.FailOn, err = severity(cmd, flags.failOn); err != nil {
		return err
	}
	var result *parity.DriftResult
	err = c.watch(func(progress func(string)) error {
		a := c.app(dir)
		a.Progress = progress
		result, err = a.Drift(cmd.Context(), req)
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range targets {
		format, _ := report.FindDrift(t.name)
		err := c.emit(t.file, format.Name, func(w io.Writer) error { return format.Write(w, result, c.look(out, t.file == "-")) })
		if err != nil {
			return err
		}
	}
	c.code = exitOfVerdict(result.Verdict)
	return nil
}

func driftFormatNames() []string {
	var names []string
	for _, f := range report.DriftFormats() {
		names = append(names, f.Name)
	}
	return names
}

// standIns reads "PATH" and "ENVIRONMENT/INSTANCE=PATH".
func standIns(list []string) map[string]string {
	out := make(map[string]string, len(list))
	for _, s := range list {
		name, file, ok := strings.Cut(s, "=")
		if !ok || file == "" {
			name, file = "", s
		}
		out[name] = file
	}
	return out
}

// severity reads a flag that names one.
func severity(cmd *cobra.Command, text string) (*parity.Severity, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no flag is no severity
	}
	var s parity.Severity
	if err := s.UnmarshalText([]byte(text)); err != nil {
		return nil, usageError(cmd, fmt.Errorf("--fail-on: %w", err))
	}
	return &s, nil
}

// emit writes a report to standard output or to a file, whole or not at all.
func (c *command) emit(file, format string, write func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return fmt.Errorf("write the report %s: %w", format, err)
	}
	if file == "-" {
		return c.toStdout(inert(format, buf.Bytes()))
	}
	return atomicfile.WriteOutput(c.abs(file), file, buf.Bytes(), 0o644)
}
