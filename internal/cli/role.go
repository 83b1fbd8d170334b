package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
)

// addRoleFlag adds the flag that narrows environments to one role.
func addRoleFlag(cmd *cobra.Command, role *string) {
	cmd.Flags().StringVar(role, "role", "", "read only what is declared (desired) or what runs (live); by default what runs where a source tells, and what is declared elsewhere")
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions([]string{string(parity.Desired), string(parity.Live)}, cobra.ShellCompDirectiveNoFileComp))
}

func roleFlag(cmd *cobra.Command, role string) (parity.Role, error) {
	switch r := parity.Role(role); r {
	case "", parity.Desired, parity.Live:
		return r, nil
	}
	return "", usageError(cmd, fmt.Errorf("--role %q is none: want desired or live", role))
}
