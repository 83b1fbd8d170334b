package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

var placeForm = regexp.MustCompile(`^parity\.yaml:[1-9][0-9]*:[1-9][0-9]*$`)

// FuzzLoad sees that whatever the text, Load gives faults that each have a
// place, or a config that is complete and that the schema takes.
func FuzzLoad(f *testing.F) {
	ar, err := txtar.ParseFile(filepath.Join("testdata", "faults.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(ar.Files); i += 2 {
		f.Add(ar.Files[i].Data)
	}
	for _, name := range []string{"full.yaml", "small.yaml", "merges.yaml"} {
		data, err := os.ReadFile(filepath.Join("testdata", "valid", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	s := compiled(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := config.Load("parity.yaml", data, kinds())
		if err != nil {
			checkFaults(t, err)
			return
		}
		if v, err := instance(data); err == nil {
			if err := s.Validate(v); err != nil {
				t.Errorf("it loads, and the schema refuses it: %v", err)
			}
		}
		references := 0
		for _, c := range config.Columns(cfg) {
			if c.Column.Reference {
				references++
			}
		}
		if references != 1 {
			t.Errorf("%d references", references)
		}
		for _, x := range cfg.Exceptions {
			if x.Reason == "" || x.Owner == "" || x.Approver == "" || x.Expires.IsZero() {
				t.Errorf("an incomplete exception: %+v", x)
			}
			for _, m := range x.Match {
				if _, err := m.Compile(); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

func checkFaults(t *testing.T, err error) {
	t.Helper()
	var faults config.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("not a list of faults: %v", err)
	}
	for _, f := range faults {
		if f.Code != parity.CodeConfig || f.What == "" || !placeForm.MatchString(f.Where) {
			t.Errorf("a fault without code, place or text: %+v", f)
		}
	}
}

// TestBombs sees that small texts that stand for large trees end soon.
func TestBombs(t *testing.T) {
	var aliases, merges strings.Builder
	aliases.WriteString("version: 1\nx-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	merges.WriteString("version: 1\nx-0: &a0 {}\n")
	for i := 1; i < 12; i++ {
		ref := fmt.Sprintf("*a%d", i-1)
		list := strings.Repeat(ref+", ", 9) + ref
		fmt.Fprintf(&aliases, "x-%d: &a%d [%s]\n", i, i, list)
		fmt.Fprintf(&merges, "x-%d: &a%d {<<: [%s]}\n", i, i, list)
	}
	const tail = "environments:\n  - name: a\n    sources:\n      - collector: exec\n        command: [a]\n"
	for name, text := range map[string]string{
		"aliases": aliases.String() + tail + "        extra: {a: *a11}\n",
		"merges":  merges.String() + tail + "        extra: *a11\n",
		"depth":   "version: 1\n" + tail + "        extra: {a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}\n",
		"large":   strings.Repeat("# a comment\n", 800_000),
		"cycle":   "version: 1\n" + tail + "        extra: &a {b: [*a, *a, *a]}\n",
	} {
		start := time.Now()
		_, err := config.Load("parity.yaml", []byte(text), kinds())
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if name == "depth" {
			continue // deep but small: it may load
		}
		if err == nil {
			t.Errorf("%s: it loads", name)
			continue
		}
		checkFaults(t, err)
	}
}
