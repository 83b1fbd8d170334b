package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) acceptCommand() *cobra.Command {
	var req app.AcceptRequest
	cmd := &cobra.Command{
		Use:   "accept ID...",
		Short: "Write into parity.yaml that a difference is meant, or accepted for a while",
		Long: `Compares, and adds to parity.yaml that what an ID stands for does not count. An ID
is that of a group or the fingerprint of a difference, as parity check shows
them, or the name of a proposal.

It becomes an expectation, which holds for good; with --until, --owner and
--approver an exception, which ends. A leak is accepted for a while only.
parity.yaml is compared with once more, and what counts all the same is told.
--print shows the lines and leaves the file as it is.`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			req.IDs = args
			if err := checkAccept(cmd, &req); err != nil {
				return err
			}
			dir, _ := c.projectOf(nil, 0)
			var entries []app.Accepted
			err := c.watch(func(progress func(string)) error {
				a := c.app(dir)
				a.Progress = progress
				var err error
				entries, err = a.Accept(cmd.Context(), req)
				return err
			})
			if err != nil {
				return err
			}
			c.printAccepted(entries)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&req.Reason, "reason", "", "why it is meant or accepted; needed")
	f.StringVar(&req.Name, "name", "", "name of the entry in reports (default: from the ID)")
	f.StringVar(&req.Until, "until", "", "last day of an exception, as YYYY-MM-DD")
	f.StringVar(&req.Owner, "owner", "", "with --until: who closes the difference")
	f.StringVar(&req.Approver, "approver", "", "with --until: who accepted it")
	f.BoolVar(&req.Print, "print", false, "show the lines and leave parity.yaml as it is")
	return cmd
}

// checkAccept returns why the flags do not go together.
func checkAccept(cmd *cobra.Command, req *app.AcceptRequest) error {
	exception := req.Until != "" || req.Owner != "" || req.Approver != ""
	switch {
	case req.Reason == "":
		return usageError(cmd, errors.New("--reason says why it is meant or accepted; give it"))
	case exception && (req.Until == "" || req.Owner == "" || req.Approver == ""):
		return usageError(cmd, errors.New("an exception has --until, --owner and --approver; give all three, or none for an expectation"))
	case req.Name != "" && len(req.IDs) > 1:
		return usageError(cmd, errors.New("--name names one entry; accept one ID at a time with it"))
	}
	return nil
}

func (c *command) printAccepted(entries []app.Accepted) {
	for i := range entries {
		e := &entries[i]
		if e.Line == 0 {
			fmt.Fprintf(c.Stdout, "%s:\n%s", e.Section, e.Lines)
			continue
		}
		verb := "is expected"
		if e.Section == "exceptions" {
			verb = "is excepted"
		}
		if e.Differences != 1 {
			verb = "are" + verb[len("is"):]
		}
		fmt.Fprintf(c.Stdout, "%s:%d: %s %s by %s\n", app.ConfigName, e.Line, view.Count(e.Differences-e.Left, "difference", "differences"), verb, view.Line(e.Name))
		if e.Left > 0 {
			fmt.Fprintf(c.Stdout, "%s counted before and counts still: parity check shows why\n", view.Count(e.Left, "difference", "differences"))
		}
	}
}
