package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
)

// trustFlags are the flags of a comparison of what nobody has reviewed.
type trustFlags struct {
	untrusted bool
	base      string
}

func (t *trustFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&t.untrusted, "untrusted", false, "obey nothing of the working tree: configuration, baseline and snapshots are those of --base, sources read files as data, and git is the only program that runs")
	f.StringVar(&t.base, "base", "", "with --untrusted: the git revision that is obeyed, such as a pull request's base")
}

// check returns why the flags do not go together.
func (t *trustFlags) check(cmd *cobra.Command) error {
	switch {
	case t.untrusted && t.base == "":
		return usageError(cmd, errors.New("--untrusted needs --base: the revision whose parity.yaml is obeyed; fetch it first"))
	case !t.untrusted && cmd.Flags().Changed("base"):
		return usageError(cmd, errors.New("--base says what --untrusted obeys; give both"))
	}
	return nil
}

// judgeFlags are the flags of every command that judges.
type judgeFlags struct {
	baseline, writeBaseline, failOn string
}

func (j *judgeFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.baseline, "baseline", "", "file of known differences, which do not fail the verdict")
	f.StringVar(&j.writeBaseline, "write-baseline", "", "write the differences that count to this file")
	f.StringVar(&j.failOn, "fail-on", "", "least severity that fails the verdict, and that it blocks: info, low, medium, high, critical")
}

// apply puts the flags into the request.
func (c *command) apply(cmd *cobra.Command, j *judgeFlags, req *app.Request) error {
	var err error
	if req.FailOn, err = severity(cmd, j.failOn); err != nil {
		return err
	}
	req.Baseline, req.WriteBaseline = j.baseline, j.writeBaseline
	return nil
}

func (c *command) checkCommand() *cobra.Command {
	var out outputFlags
	var judge judgeFlags
	var trusted trustFlags
	var only, snapshots, history []string
	var role string
	cmd := &cobra.Command{
		Use:   "check [DIRECTORY]",
		Short: "Compare all environments of a project and judge them",
		Long: `Compares every environment that parity.yaml names with the reference, and
prints what differs, grouped by cause, with a verdict. An environment is seen as
well as it can be: where one of its sources reads what runs, that is compared in
place of what is declared in the same format.

Where there is no parity.yaml it compares what parity init finds, and only
reports: at a terminal it asks first. --fail-on and --baseline need the file.

With --untrusted --base REV it compares a change that nobody has reviewed:
nothing of the working tree is obeyed, programs and servers are left alone, and
the report says what was not run. See docs/trust.md.

Exit codes: 0 parity holds, or the mode is report-only; 1 it does not;
2 usage or configuration; 3 could not tell.`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, _ := c.projectOf(args, 0)
			if err := trusted.check(cmd); err != nil {
				return err
			}
			if err := c.refuseTrusted(cmd, trusted, len(history) > 0 || judge.writeBaseline != ""); err != nil {
				return err
			}
			c.base = trusted.base
			req := app.Request{Selection: app.Selection{Only: only}, History: history}
			var err error
			if req.Role, err = roleFlag(cmd, role); err != nil {
				return err
			}
			if req.Snapshots, err = pairs(cmd, "--snapshot", snapshots); err != nil {
				return err
			}
			if err := c.missingDir(args, dir); err != nil {
				return err
			}
			if err := c.unprepared(cmd, dir, &judge, &out, req); err != nil {
				return err
			}
			return c.report(cmd, dir, req, &judge, &out)
		},
	}
	out.add(cmd)
	judge.add(cmd)
	trusted.add(cmd)
	c.addFetch(cmd)
	addRoleFlag(cmd, &role)
	cmd.Flags().BoolVar(&c.noCache, "no-cache", false, "read and compare everything, also what has not changed since the last run")
	cmd.Flags().StringSliceVar(&only, "only", nil, "compare only these environments with the reference")
	cmd.Flags().StringArrayVar(&snapshots, "snapshot", nil, "take an environment from a snapshot's file: ENVIRONMENT=FILE")
	cmd.Flags().StringArrayVar(&history, "history", nil, "earlier snapshots, as a pattern of files: tells which images an environment had, and since when")
	return cmd
}

// refuseTrusted refuses what does not go with --untrusted, files of the working
// tree and fetching, and a --fetch that has nowhere to keep what it gets.
func (c *command) refuseTrusted(cmd *cobra.Command, trusted trustFlags, files bool) error {
	switch {
	case trusted.untrusted && files:
		return usageError(cmd, errors.New("--untrusted goes with neither --history nor --write-baseline: both are of the working tree"))
	case trusted.untrusted && c.fetch:
		return usageError(cmd, errors.New("--untrusted goes without --fetch: a change that nobody has reviewed would say what is fetched"))
	}
	return c.checkFetch()
}

// missingDir refuses an argument that names no directory.
func (c *command) missingDir(args []string, dir string) error {
	named := c.project
	if len(args) > 0 {
		named = args[0]
	}
	if named == "" || isDir(dir) && dir == c.abs(named) {
		return nil
	}
	return &parity.Error{Code: parity.CodeUsage, Where: named, What: "is not a directory", Hint: "name the directory that holds parity.yaml; parity diff compares files"}
}

// report runs a comparison, writes the reports and sets the exit code.
func (c *command) report(cmd *cobra.Command, dir string, req app.Request, judge *judgeFlags, out *outputFlags) error {
	targets, err := out.named(cmd)
	if err != nil {
		return err
	}
	if err := c.apply(cmd, judge, &req); err != nil {
		return err
	}
	req.All = out.all
	var result *parity.Result
	err = c.watch(func(progress func(string)) error {
		a := c.app(dir)
		a.Progress = progress
		result, err = a.Check(cmd.Context(), req)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.write(result, out, targets); err != nil {
		return err
	}
	c.code = exitOfVerdict(result.Verdict)
	return nil
}

// pairs reads flags of the form NAME=VALUE.
func pairs(cmd *cobra.Command, flag string, list []string) (map[string]string, error) {
	out := make(map[string]string, len(list))
	for _, s := range list {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" || value == "" {
			return nil, usageError(cmd, fmt.Errorf("%s %q is not of the form NAME=FILE", flag, s))
		}
		out[name] = value
	}
	return out, nil
}
