package view

import (
	"testing"

	"github.com/envparity/parity"
)

func TestSharedAddressSaysWhoHasItAndWhere(t *testing.T) {
	s := parity.SharedValue{
		Token: "0x92a1", Owner: "production", Example: "0x92a1", Columns: []string{"production", "qa"},
		Where: []parity.FactRef{{Subject: parity.Key{Kind: "ConfigMap", Name: "web"}, Path: "/data/REGISTRY"}},
	}
	want := "0x92a1 in production, qa: ConfigMap web /data/REGISTRY"
	if got := SharedSecret(s); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
