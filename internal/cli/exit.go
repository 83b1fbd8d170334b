package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/parallel"
)

// The exit codes.
const (
	exitHolds   = 0
	exitFails   = 1
	exitUsage   = 2
	exitUnknown = 3
)

// exitOf maps a failure to an exit code.
func exitOf(code parity.Code) int {
	switch code {
	case parity.CodeUsage, parity.CodeConfig:
		return exitUsage
	default:
		return exitUnknown
	}
}

// exitOfVerdict maps a verdict to an exit code; a mode that only reports never
// fails.
func exitOfVerdict(v parity.Verdict) int {
	switch {
	case v.Mode != "block" || v.Outcome == parity.Pass:
		return exitHolds
	case v.Outcome == parity.Fail:
		return exitFails
	default:
		return exitUnknown
	}
}

// exit prints err as one message with its hint and gives the exit code. It is
// the one place where errors are printed; whatever they quote, what is printed
// is safe.
func (c *command) exit(ctx context.Context, err error) int {
	if err == nil {
		return c.code
	}
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))) {
		fmt.Fprintln(c.Stderr, "parity: interrupted")
		return exitUnknown
	}
	var fault *parallel.PanicError
	if errors.As(err, &fault) {
		c.log().Debug("the command panicked", "panic", fault.Kind, "stack", string(fault.Stack))
		err = &parity.Error{Code: parity.CodeInternal, What: fault.Error(), Hint: "please report it, with what the same command says under --verbose"}
	}
	for _, e := range flatten(err) {
		fmt.Fprintf(c.Stderr, "parity: %s\n", message(e))
		if hint := parity.HintOf(e); hint != "" {
			fmt.Fprintf(c.Stderr, "        %s\n", safe(hint))
		}
	}
	return exitOf(parity.CodeOf(err))
}

// flatten gives the errors of errors.Join one by one, so that each keeps its
// hint.
func flatten(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

func usageError(cmd *cobra.Command, err error) error {
	return &parity.Error{
		Code: parity.CodeUsage, What: err.Error(),
		Hint: fmt.Sprintf("see '%s --help'", cmd.CommandPath()),
	}
}

// noCommand refuses what is no subcommand, with the ones that are like it.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("unknown command %q", args[0]), Hint: "parity --help lists the commands"}
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		err.Hint = "did you mean parity " + strings.Join(like, " or parity ") + "?"
	}
	return err
}

// usageArgs makes a failed check of the arguments a usage error.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError(cmd, err)
		}
		return nil
	}
}
