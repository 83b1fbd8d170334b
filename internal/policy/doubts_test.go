package policy

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
)

func TestDoubtsOfOneReason(t *testing.T) {
	gap := func(column, name, reason string, doubt bool) parity.ColumnGap {
		return parity.ColumnGap{Column: column, Gap: parity.Gap{Source: "compose", Kind: "service", Name: name, Path: "/hostname", Reason: reason}, Doubt: doubt}
	}
	const unset = "the value needs the variable HOSTNAME"
	got := doubtsOf([]parity.ColumnGap{
		gap("staging", "web", unset, true), gap("staging", "jobs", unset, true), gap("staging", "jobs", unset, true),
		gap("staging", "web", "the file is not there", true), gap("production", "web", unset, true), gap("production", "old", "no doubt", false),
		gap("production", "jobs", "it is broken", true), gap("staging", "jobs", "it is broken", true),
	}, func(column string) string { return column })
	want := []string{
		"not all of staging was read: service web /hostname and 1 more: " + unset,
		"not all of staging was read: service web /hostname: the file is not there",
		"not all of production was read: service web /hostname: " + unset,
		"not all of production, staging was read: service jobs /hostname: it is broken",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
