package acceptance

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/realdata"
)

// replayed are the classes that raw values, named rules and named bindings
// give; the others rest on what was not read, or on policy.
var replayed = map[parity.Class]bool{
	parity.Equal: true, parity.Equivalent: true, parity.Bound: true, parity.IdentifierClass: true, parity.Shared: true,
	parity.Missing: true, parity.Extra: true, parity.Changed: true, parity.Leak: true,
}

// TestExplanationsReplay takes every explanation at its word: the raw values,
// with the rules and the bindings that it names and no others, must give the
// class that it names.
func TestExplanationsReplay(t *testing.T) {
	shop, err := filepath.Abs("../../examples/shop")
	if err != nil {
		t.Fatal(err)
	}
	always := []parity.Class{parity.Equal, parity.Equivalent}
	t.Run("shop", func(t *testing.T) {
		replayAll(t, shop, nil, append(always, parity.Bound, parity.Missing, parity.Extra, parity.Changed, parity.Leak))
	})
	t.Run("fleet", func(t *testing.T) {
		replayAll(t, fleetProject(t, NewFleet(11, 60)), nil, append(always, parity.Bound, parity.IdentifierClass, parity.Shared, parity.Changed))
	})
	t.Run("large fleet", func(t *testing.T) {
		replayAll(t, fleetProject(t, NewFleet(12, 200)), nil, append(always, parity.Bound, parity.IdentifierClass, parity.Missing, parity.Extra, parity.Leak))
	})
	for _, dir := range history(t) {
		t.Run("history "+filepath.Base(dir), func(t *testing.T) {
			paths := []string{filepath.Join(dir, "staging.yaml"), filepath.Join(dir, "production.yaml")}
			replayAll(t, t.TempDir(), paths, []parity.Class{parity.Equal})
		})
	}
	for _, pair := range [][]string{{"a", "b"}, {"b", "c"}} {
		t.Run("noise "+strings.Join(pair, " "), func(t *testing.T) {
			paths := []string{realdata.Path(t, "noise", pair[0]+".yaml"), realdata.Path(t, "noise", pair[1]+".yaml")}
			want := always
			if pair[1] == "c" {
				want = []parity.Class{parity.Equal, parity.Missing}
			}
			replayAll(t, t.TempDir(), paths, want)
		})
	}
}

// replayAll replays every side of every explanation, and wants each of the
// classes to occur.
func replayAll(t *testing.T, dir string, paths []string, want []parity.Class) {
	t.Helper()
	all := explanations(t, dir, paths)
	counts := map[parity.Class]int{}
	met := alignments(all)
	for i := range all {
		e := &all[i]
		for k := range e.Sides {
			s := &e.Sides[k]
			if s.Reference || !replayed[s.Class] || e.Path == "" && s.Class == parity.Equal || !e.Compared(s) {
				continue
			}
			counts[s.Class]++
			x := newReplay(e, s, met)
			if got := x.class(); got != s.Class {
				t.Errorf("%s %s: explained as %s by %v with %v, replayed as %s\n  %q shaped by %v\n  %q shaped by %v\n  %s", e.Subject.Name, e.Path,
					s.Class, s.Equated, s.Bindings, got, s.Raw, s.Shaped, x.ref.Raw, x.ref.Shaped, s.Note)
			}
			wrongNamesFail(t, e, k, met)
		}
	}
	t.Logf("replayed %v", counts)
	for _, c := range want {
		if counts[c] == 0 {
			t.Errorf("no %s fact was replayed", c)
		}
	}
}

// wrongNamesFail holds the replay to what it is for: an explanation that names
// nothing, another rule or another spelling does not replay as its class.
func wrongNamesFail(t *testing.T, e *app.Explanation, side int, met map[columnKey]parity.Key) {
	t.Helper()
	fails := func(what string, change func(e *app.Explanation, s *app.ExplainedSide)) {
		t.Helper()
		wrong := *e
		wrong.Sides = slices.Clone(e.Sides)
		s := &wrong.Sides[side]
		change(&wrong, s)
		if newReplay(&wrong, s, met).class() == s.Class {
			t.Errorf("%s %s: it is replayed as %s with %s", e.Subject.Name, e.Path, s.Class, what)
		}
	}
	s := &e.Sides[side]
	switch s.Class {
	case parity.Equivalent:
		fails("no rule", func(_ *app.Explanation, s *app.ExplainedSide) { s.Equated = nil })
		for _, r := range parity.Rules() {
			if slices.Contains(s.Equated, r) || mayName(e, s, r) {
				continue
			}
			fails("the rule "+r.String(), func(_ *app.Explanation, s *app.ExplainedSide) { s.Equated = []parity.Rule{r} })
		}
	case parity.Bound, parity.Shared:
		if s.Class == parity.Shared && (s.Secret != "" || newReplay(e, s, met).sharesCredential()) {
			return // it is the secret that is shared, and no binding says so
		}
		fails("no binding", func(_ *app.Explanation, s *app.ExplainedSide) { s.Bindings = nil })
		fails("other spellings", func(e *app.Explanation, _ *app.ExplainedSide) {
			e.Bindings = slices.Clone(e.Bindings)
			for i := range e.Bindings {
				e.Bindings[i].Spellings = []parity.Spelling{{Column: s.Column, Text: "another"}, {Column: "production", Text: "other"}}
			}
		})
	case parity.IdentifierClass:
		fails("no identifiers", func(e *app.Explanation, _ *app.ExplainedSide) { e.Identifiers = nil })
	case parity.Leak:
		fails("no note", func(_ *app.Explanation, s *app.ExplainedSide) { s.Note = "" })
		fails("another spelling", func(_ *app.Explanation, s *app.ExplainedSide) { s.Note = "staging has production's 'other'" })
	}
}

// mayName reports whether another rule is as true: one that the fact carries
// too, or a form in which both values are one.
func mayName(e *app.Explanation, s *app.ExplainedSide, r parity.Rule) bool {
	ref := newReplay(e, s, nil).ref
	if slices.Contains(s.Shaped, r) || slices.Contains(ref.Shaped, r) {
		return true
	}
	return s.Raw != ref.Raw && s.State == ref.State && shaped(s.Raw, []parity.Rule{r}) == shaped(ref.Raw, []parity.Rule{r})
}

// explanations are those of every path of every subject, as a reader of the
// JSON form has them.
func explanations(t *testing.T, dir string, paths []string) []app.Explanation {
	t.Helper()
	a := app.New(app.Options{WorkDir: dir, Lookup: func(string) (string, bool) { return "", false }, Now: today, Random: rand.Reader})
	var all []app.Explanation
	err := a.ExplainAll(context.Background(), app.Request{Paths: paths}, func(e *app.Explanation) error {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		var read app.Explanation
		all = append(all, read)
		return json.Unmarshal(b, &all[len(all)-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestExplainTellsWhatIsReplayed: the command writes the very explanations
// that are replayed.
func TestExplainTellsWhatIsReplayed(t *testing.T) {
	shop, err := filepath.Abs("../../examples/shop")
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range explanations(t, shop, nil) {
		counts := len(e.Differences) > 0 && e.Differences[0].Class.Counts()
		if i%17 != 0 && !counts {
			continue
		}
		subject := e.Subject.Kind + "/" + e.Subject.Scope + "/" + e.Subject.Name
		if e.Subject.Scope == "" {
			subject = e.Subject.Kind + "/" + e.Subject.Name
		}
		code, stdout, stderr := command(t, shop, "explain", "--json", subject, e.Path)
		if code != 0 {
			t.Errorf("parity explain %s %q: exit %d: %s", subject, e.Path, code, stderr)
			continue
		}
		var got app.Explanation
		if err := json.Unmarshal([]byte(stdout), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, got, cmpopts.IgnoreFields(app.ExplainedSide{}, "SetBy")); diff != "" {
			t.Errorf("parity explain %s %q (-replayed +told):\n%s", subject, e.Path, diff)
		}
	}
}

// columnKey names a subject as one column has it.
type columnKey struct {
	column string
	key    parity.Key
}

// alignments gives every column's subjects the key that all of them share.
func alignments(all []app.Explanation) map[columnKey]parity.Key {
	met := map[columnKey]parity.Key{}
	for i := range all {
		e := &all[i]
		for _, s := range e.Sides {
			if s.Subject != nil {
				met[columnKey{s.Column, *s.Subject}] = parity.Key{Kind: e.Subject.Kind, Group: e.Subject.Group, Scope: e.Subject.Scope, Name: e.Subject.Name}
			}
		}
	}
	return met
}
