package sampleshop_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
	"github.com/envparity/parity/internal/sampleshop"
)

// check runs parity on the files of a case.
func check(t *testing.T, c sampleshop.Case) *parity.Result {
	t.Helper()
	dir := t.TempDir()
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "parity.yaml"), []byte(c.Config(nil)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	report := filepath.Join(dir, "result.json")
	code := cli.Run(context.Background(), []string{"check", "--all", "--output", "json=" + report}, cli.Process{
		Dir: dir, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &errs,
		Lookup: func(string) (string, bool) { return "", false },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }, Random: rand.Reader, Version: "test",
	})
	text, err := os.ReadFile(report)
	if err != nil || code > 1 {
		t.Fatalf("parity check: exit %d, %v: %s", code, err, errs.String())
	}
	r := new(parity.Result)
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCasesAreComparable holds that Parity sees in each case the planted
// difference once, and at least thirty others; and that nothing is unknown.
func TestCasesAreComparable(t *testing.T) {
	t.Parallel()
	cases := sampleshop.Cases()
	if len(cases) != 10 {
		t.Errorf("there are %d cases, want 10", len(cases))
	}
	for _, c := range append(cases, sampleshop.Others()...) {
		t.Run(c.Name, func(t *testing.T) {
			r := check(t, c)
			planted, others, same := 0, 0, 0
			for _, g := range r.Groups {
				for _, d := range g.Differences {
					if d.Subject.Service == "" {
						t.Errorf("%s %s is of no service", d.Subject.Kind, d.Subject.Name)
					}
					switch {
					case !g.Counts:
					case c.Planted.Matches(d.Subject.Kind, d.Subject.Name, d.Path):
						planted++
					default:
						others++
						if d.Subject.Service == "shop" {
							same++
						}
					}
				}
			}
			t.Logf("%d planted, %d others, %d of them of the same service", planted, others, same)
			if planted < 1 || planted > 2 || others < 30 || same < 10 {
				t.Errorf("%d planted differences and %d others, want 1 or 2 and at least 30", planted, others)
			}
			for _, g := range r.Gaps {
				t.Errorf("a gap: %+v", g)
			}
		})
	}
}

// TestCasesDifferInOneSetting holds that the service is given the same settings
// in both environments but for one: what else differs does not reach it.
func TestCasesDifferInOneSetting(t *testing.T) {
	t.Parallel()
	unused := []string{"SUGGEST_TIMEOUT", "EXPORT_BATCH", "ARCHIVE_POOL_SIZE", "IMAGE_CACHE_SIZE", "BANNER_TEXT", "FOOTER_TEXT", "SUPPORT_EMAIL", "NEWSLETTER_PAGE_SIZE", "SITEMAP_LIMIT"}
	for _, c := range append(sampleshop.Cases(), sampleshop.Others()...) {
		t.Run(c.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := c.Write(dir); err != nil {
				t.Fatal(err)
			}
			var settings []sampleshop.Settings
			for _, env := range sampleshop.Environments() {
				s, err := sampleshop.ReadSettings(filepath.Join(dir, env))
				if err != nil {
					t.Fatal(err)
				}
				if s.Env["CPU_LIMIT"] == "" || len(s.Egress) < 2 || s.Libraries["payments-client"] == "" || len(s.Flags) < 5 {
					t.Errorf("%s: the settings lack something: %+v", env, s)
				}
				settings = append(settings, s)
			}
			a, b := settings[0], settings[1]
			differ := 0
			for name := range a.Env {
				if a.Env[name] == b.Env[name] {
					continue
				}
				if !contains(unused, name) {
					differ++
				}
			}
			carts := func(s string) bool { return strings.Contains(s, "carts_id") }
			for _, x := range []bool{
				carts(a.Schema) != carts(b.Schema), !reflect.DeepEqual(a.Egress, b.Egress),
				a.Flags[sampleshop.FlagLivePrices] != b.Flags[sampleshop.FlagLivePrices],
				a.Libraries["payments-client"] != b.Libraries["payments-client"],
				a.Peers["payments"]["SHED_PERCENT"] != b.Peers["payments"]["SHED_PERCENT"],
			} {
				if x {
					differ++
				}
			}
			if differ != 1 {
				t.Errorf("%d settings that the service uses differ, want 1\n%+v\n%+v", differ, a, b)
			}
		})
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
