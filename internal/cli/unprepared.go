package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

// unprepared lets a directory without a parity.yaml be compared by what init
// would write: a person is asked, and others are told so. A gate is not: what
// fails is said in a file that was reviewed.
func (c *command) unprepared(cmd *cobra.Command, dir string, judge *judgeFlags, out *outputFlags, req app.Request) error {
	if _, err := out.named(cmd); err != nil {
		return err
	}
	ctx := cmd.Context()
	a := c.app(dir)
	gates := judge.failOn != "" || judge.baseline != "" || judge.writeBaseline != ""
	if gates || c.base != "" || len(req.Snapshots) > 0 || a.HasConfig() {
		return nil
	}
	found, err := a.Propose(ctx)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err != nil {
		return nil //nolint:nilerr // the error that follows says that there is no parity.yaml
	}
	what := "There is no parity.yaml here. parity init finds " + strings.Join(found.Environments, ", ") + "."
	if c.Interactive && !c.ask(what+" Compare them?", true) {
		return nil // the error says that there is none
	}
	if !c.Interactive {
		fmt.Fprintln(c.Stderr, "parity: "+view.Line(what)+" Comparing them report-only; parity init writes the file.")
	}
	c.found, c.noCache = found.Text, true
	return nil
}

// ask puts a question to the person at the terminal.
func (c *command) ask(question string, preferred bool) bool {
	choice := " [y/N] "
	if preferred {
		choice = " [Y/n] "
	}
	if c.Progress {
		fmt.Fprint(c.Stderr, clearLine)
	}
	fmt.Fprint(c.Stderr, view.Line(question)+choice)
	if c.answers == nil {
		c.answers = bufio.NewReader(c.Stdin)
	}
	line, err := c.answers.ReadString('\n')
	switch answer := strings.ToLower(strings.TrimSpace(line)); {
	case answer == "" && err == nil:
		return preferred
	default:
		return answer == "y" || answer == "yes"
	}
}
