package config_test

import (
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestIsolate(t *testing.T) {
	const head = "version: 1\nenvironments: [{name: staging, sources: [{path: a}]}, {name: production, sources: [{path: b}]}]\n"
	db, other := parity.Key{Kind: "Secret", Scope: "shop", Name: "db"}, parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "db"}
	for _, tt := range []struct {
		text           string
		all, db, other bool
	}{
		{"", false, false, false},
		{"secrets: {isolate: true}\n", true, false, false},
		{"secrets: {isolate: false}\n", false, false, false},
		{"secrets: {isolate: []}\n", false, false, false},
		{"secrets: {isolate: [{kind: Secret}]}\n", false, true, false},
		{"secrets: {isolate: [{scope: shop, name: d*, path: password}]}\n", false, true, true},
		{"secrets: {isolate: [{path: /data/token}, {name: web}]}\n", false, false, false},
		{"secrets: {isolate: [{path: /data/token}, {kind: ConfigMap}]}\n", false, false, true},
	} {
		cfg, err := config.Load("parity.yaml", []byte(head+tt.text), nil)
		if err != nil {
			t.Fatal(tt.text, err)
		}
		match, err := cfg.Secrets.Isolate.Compile()
		if err != nil {
			t.Fatal(tt.text, err)
		}
		fits := func(k parity.Key) bool { return match != nil && match(k, "/data/password") }
		if cfg.Secrets.Isolate.All() != tt.all || fits(db) != tt.db || fits(other) != tt.other {
			t.Errorf("%s: all %v, db %v, other %v", tt.text, cfg.Secrets.Isolate.All(), fits(db), fits(other))
		}
	}
}
