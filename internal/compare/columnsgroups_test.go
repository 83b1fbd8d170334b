package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/grouping"
	"github.com/envparity/parity/internal/policy"
	"pgregory.net/rapid"
)

// groupsOf compares and judges, and gives the groups.
func groupsOf(t tester, all []*parity.Snapshot) []parity.Group {
	t.Helper()
	columns := make([]parity.Column, len(all))
	for i, s := range all {
		columns[i] = s.Column
	}
	judge, err := policy.New(nil, columns, time.Time{}, policy.Options{Kinds: declaredKinds()})
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(context.Background(), Input{Snapshots: all, Options: Options{Kinds: declaredKinds()}}, judge.Add)
	if err != nil {
		t.Fatal(err)
	}
	return grouping.Group(judge.Finish(policy.Coverage{Gaps: out.Gaps}).Differences, declaredKinds())
}

// describeGroups lists groups with their members, without columns, and without the
// order of a group's blocks: how odd a value is depends on how many columns have it.
func describeGroups(groups []parity.Group) string {
	var all []string
	for i := range groups {
		g := &groups[i]
		var members []string
		for j := range g.Differences {
			d := &g.Differences[j]
			members = append(members, fmt.Sprintf("  %s %v %v %s %s %v %d", d.Fingerprint, d.Class, d.Change, d.Subject.Key(), d.Path, d.Severity, d.Facts))
		}
		slices.Sort(members)
		all = append(all, fmt.Sprintf("%v %s %v\n%s", g.Severity, g.Cause, g.Counts, strings.Join(members, "\n")))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestCopiesGiveTheSameGroups: two instances each of two environments, which are
// copies, give the differences and groups of the two environments.
func TestCopiesGiveTheSameGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawEnv(t, "staging", false), drawEnv(t, "production", true)
		drawTraits(t, a)
		drawTraits(t, b)
		drawRenamed(t, a, b)
		a.subjects, b.subjects = unique(a.subjects), unique(b.subjects)
		want := describeGroups(groupsOf(t, []*parity.Snapshot{a.snapshot(), b.snapshot()}))
		var four []*parity.Snapshot
		for _, e := range []*env{a, a, b, b} {
			c := *e
			c.instance, c.reference = fmt.Sprintf("i%d", len(four)), len(four) == 3
			four = append(four, c.snapshot())
		}
		if got := describeGroups(groupsOf(t, four)); got != want {
			t.Fatalf("four columns:\n%s\ntwo columns:\n%s", got, want)
		}
	})
}

// drawRenamed adds objects of much content to both, some under other names.
func drawRenamed(t *rapid.T, a, b *env) {
	for i := range rapid.IntRange(0, 3).Draw(t, "policies") {
		seed := fmt.Sprint("part", i)
		rule(a, "Policy", "init-"+seed, seed, 6, "/spec/timeout", "1s")
		name := rapid.SampledFrom([]string{"init-" + seed, "platform-init-" + seed, "other"}).Draw(t, "name")
		rule(b, "Policy", name, seed, rapid.IntRange(5, 6).Draw(t, "rules"), "/spec/timeout", "10s")
	}
}

// TestOddColumnIsToldOnce: where one of ten columns differs, there is one
// difference in one group, told from its side, whichever column is the
// reference.
func TestOddColumnIsToldOnce(t *testing.T) {
	whole := func(s parity.SubjectFacts) string { return s.Subject.Key.Kind + " " + s.Subject.Key.Name }
	kinds := map[string]func(e *env, at int) (title string){ // %s is the column's name
		"lacks an object": func(e *env, at int) string {
			title := whole(e.subjects[at])
			e.subjects = slices.Delete(e.subjects, at, at+1)
			return title + " missing in %s alone"
		},
		"has an object": func(e *env, _ int) string {
			e.add("ConfigMap", "shop", "one-of-its-own", "/x", "1")
			return "ConfigMap one-of-its-own only in %s"
		},
		"has another value": func(e *env, at int) string {
			f := e.subjects[at].Facts
			f[0].Value = parity.Value{Kind: parity.Text, Raw: "quite another"}
			return "quite another in %s"
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		one := &env{}
		for i := range rapid.IntRange(2, 5).Draw(t, "subjects") {
			one.add("App", "shop", fmt.Sprint("app", i), "/x", "plain text", "/y", "2")
		}
		columns := rapid.IntRange(3, 10).Draw(t, "columns")
		odd := rapid.IntRange(0, columns-1).Draw(t, "odd")
		reference := rapid.IntRange(0, columns-1).Draw(t, "reference")
		name := rapid.SampledFrom(sortedKeys(kinds)).Draw(t, "kind")
		var all []*parity.Snapshot
		title := ""
		for i := range columns {
			e := &env{name: "production", instance: fmt.Sprint("i", i), reference: i == reference}
			for _, s := range one.subjects {
				s.Facts = slices.Clone(s.Facts)
				e.subjects = append(e.subjects, s)
			}
			if i == odd {
				title = strings.ReplaceAll(kinds[name](e, rapid.IntRange(0, len(e.subjects)-1).Draw(t, "at")), "%s", "production/"+e.instance)
			}
			all = append(all, e.snapshot())
		}
		groups := groupsOf(t, all)
		if len(groups) != 1 || len(groups[0].Differences) != 1 {
			t.Fatalf("%d groups: %s", len(groups), describeGroups(groups))
		}
		if !strings.Contains(groups[0].Summary, title) || !strings.HasSuffix(groups[0].Summary, ", within production") {
			t.Fatalf("title %q, want %q in it", groups[0].Summary, title)
		}
	})
}
