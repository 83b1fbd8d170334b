package config_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

var update = flag.Bool("update", false, "rewrite golden files")

// kinds are collectors as config sees them: structs with tags.
func kinds() config.Kinds {
	return config.Kinds{
		"kubernetes-manifests": func() any { return new(manifests) },
		"compose":              func() any { return new(compose) },
		"exec":                 func() any { return new(execKind) },
	}
}

type manifests struct {
	Path   string   `yaml:"path" required:"true" doc:"File or directory."`
	Values []string `yaml:"values" doc:"Values files of a chart."`
}

type compose struct {
	Files    []string `yaml:"files" required:"true" doc:"Compose files, in order."`
	Profiles []string `yaml:"profiles" doc:"Profiles."`
}

type execKind struct {
	Command []string       `yaml:"command" required:"true" doc:"Command with its arguments."`
	Format  string         `yaml:"format" default:"yaml" enum:"yaml,json,kubernetes" doc:"Format of its output."`
	Extra   map[string]any `yaml:"extra" doc:"Anything."`
}

func (e *execKind) Validate() error {
	if e.Command[0] == "rm" {
		return errors.New("this command reads nothing")
	}
	return nil
}

// TestFaults holds each file of testdata/faults.txtar against the faults that
// follow it: one line each, and one for the hint.
func TestFaults(t *testing.T) {
	path := filepath.Join("testdata", "faults.txtar")
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		in, want := ar.Files[i], &ar.Files[i+1]
		t.Run(in.Name, func(t *testing.T) {
			_, err := config.Load("parity.yaml", in.Data, kinds())
			got := render(err)
			if *update {
				want.Data = []byte(got)
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if err == nil {
				t.Error("the file was accepted")
			}
			if code := parity.CodeOf(err); code != parity.CodeConfig {
				t.Errorf("code %q, want config", code)
			}
		})
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func render(err error) string {
	var faults config.Faults
	if !errors.As(err, &faults) {
		return fmt.Sprintf("no faults: %v\n", err)
	}
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintf(&b, "%s\n", f)
		if f.Hint != "" {
			fmt.Fprintf(&b, "    %s\n", f.Hint)
		}
	}
	return b.String()
}
