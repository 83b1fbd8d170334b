package compare

import (
	"fmt"
	"slices"
	"testing"

	"github.com/envparity/parity"
)

// rule gives an object statements that tell it from others.
func rule(e *env, kind, name string, seed string, n int, more ...string) *env {
	pairs := slices.Clone(more)
	for i := range n {
		pairs = append(pairs, fmt.Sprintf("/spec/rules[%d]/match", i), fmt.Sprintf("%s/rule-%d of %s", seed, i, name))
	}
	return e.add(kind, "shop", name, pairs...)
}

func TestAlignByContent(t *testing.T) {
	tests := []struct {
		name  string
		build func(s, p *env)
		met   bool
	}{
		{"renamed", func(s, p *env) {
			rule(s, "Policy", "init-tenants", "tenant", 6, "/spec/timeout", "10s")
			rule(p, "Policy", "platform-init-tenants", "tenant", 6, "/spec/timeout", "1s")
		}, true},
		{"items moved", func(s, p *env) {
			s.add("Policy", "shop", "init-tenants", "/l[0]/x", "new entry", "/l[1]/x", "entry one", "/l[2]/x", "entry two", "/l[3]/x", "entry three", "/l[4]/x", "entry four")
			p.add("Policy", "shop", "platform-init-tenants", "/l[0]/x", "entry one", "/l[1]/x", "entry two", "/l[2]/x", "entry three", "/l[3]/x", "entry four")
		}, true},
		{"lines of a text", func(s, p *env) {
			s.add("ConfigMap", "shop", "script-a", "/data/run.sh", "set -e\ncd /srv/app\nexec ./run --fast\nexit 1")
			p.add("ConfigMap", "shop", "script", "/data/run.sh", "set -e\ncd /srv/app\nexec ./run --fast\nexit 0")
		}, true},
		{"no name in common", func(s, p *env) {
			rule(s, "Policy", "alpha", "tenant", 6)
			rule(p, "Policy", "omega", "tenant", 6)
		}, false},
		{"other content", func(s, p *env) {
			rule(s, "Policy", "init-tenants", "tenant", 6)
			rule(p, "Policy", "platform-init-tenants", "user", 6)
		}, false},
		{"two that are as alike", func(s, p *env) {
			rule(s, "Policy", "init-tenants", "tenant", 6)
			rule(s, "Policy", "other-init-tenants", "tenant", 6)
			rule(p, "Policy", "platform-init-tenants", "tenant", 6)
		}, false},
		{"as alike as one that has a counterpart", func(s, p *env) {
			rule(s, "Policy", "init-tenants", "tenant", 6)
			rule(s, "Policy", "init-users", "tenant", 6)
			rule(p, "Policy", "platform-init-tenants", "tenant", 6)
			rule(p, "Policy", "init-users", "tenant", 6)
		}, false},
		{"nothing that tells it", func(s, p *env) {
			scaler := []string{"/spec/minReplicas", "1", "/spec/maxReplicas", "5", "/spec/target", "80", "/spec/kind", "Deployment", "/spec/metric", "cpu"}
			s.add("HorizontalPodAutoscaler", "shop", "web-worker", scaler...)
			p.add("HorizontalPodAutoscaler", "shop", "mail-worker", scaler...)
		}, false},
		{"another namespace", func(s, p *env) {
			rule(s, "Policy", "init-tenants", "tenant", 6).last().Subject.Scope = "other"
			rule(p, "Policy", "platform-init-tenants", "tenant", 6)
			s.add("Policy", "shop", "x", "/a", "1")
			p.add("Policy", "shop", "x", "/a", "1").add("Policy", "other", "y", "/a", "1")
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, p := staging(), production()
			tt.build(s, p)
			c := compareAll(t, Options{}, s, p)
			met := slices.ContainsFunc(c.Alignments, func(r parity.SubjectRef) bool { return r.Alignment.Method == "content" })
			renamed := slices.ContainsFunc(c.joined, func(j parity.Joined) bool {
				return j.Synthetic && j.Cells[0].Change == parity.NameChange
			})
			if met != tt.met || renamed != tt.met {
				t.Errorf("met by content: %v, a difference of the name: %v; want %v", met, renamed, tt.met)
			}
		})
	}
}

// TestCommonRenaming: a renaming that several objects share is told once, and
// what differs between the objects is told too.
func TestCommonRenaming(t *testing.T) {
	s, p := staging(), production()
	for _, seed := range []string{"tenant", "user", "group"} {
		rule(s, "Policy", "old-"+seed+"s", seed, 6, "/spec/timeout", "10s")
		rule(p, "Policy", "new-"+seed+"s", seed, 6, "/spec/timeout", "1s")
	}
	names, timeouts := 0, 0
	for _, j := range compareAll(t, Options{}, s, p).joined {
		switch cell := &j.Cells[0]; {
		case cell.Change == parity.NameChange:
			names++
			if cell.Note != "2 more are renamed in the same way" {
				t.Errorf("note %q", cell.Note)
			}
		case j.Path == "/spec/timeout" && cell.Class == parity.Changed:
			timeouts++
		case cell.Class.Counts():
			t.Errorf("%s %s is %v", j.Subject.Key, j.Path, cell.Class)
		}
	}
	if names != 1 || timeouts != 3 {
		t.Errorf("%d names and %d timeouts differ, want 1 and 3", names, timeouts)
	}
}

// TestUnscopedPairs: an object meets the one that states a namespace, in two
// columns as in many.
func TestUnscopedPairs(t *testing.T) {
	entry := func(name, instance, scope string) *env {
		e := &env{name: name, instance: instance, reference: name == "production" && instance == "0"}
		return e.add("GlobalEntry", scope, "tenants", "/x", "1").add("GlobalEntry", "other", "x", "/x", "1").add("GlobalEntry", "", "y", "/x", "1")
	}
	for name, all := range map[string][]*env{
		"two":        {entry("staging", "", "kyverno"), entry("production", "0", "")},
		"two, other": {entry("staging", "", ""), entry("production", "0", "kyverno")},
		"four":       {entry("staging", "0", "kyverno"), entry("staging", "1", ""), entry("production", "1", "kyverno"), entry("production", "0", "")},
	} {
		t.Run(name, func(t *testing.T) {
			a := compareAll(t, Options{}, all...).aligned(t, "GlobalEntry", "tenants")
			if slices.Contains(a.Sides, nil) || a.Alignment.Method != "kind" {
				t.Errorf("met by %q: %v", a.Alignment.Method, a.Sides)
			}
		})
	}
	apart := compareAll(t, Options{},
		(&env{name: "staging"}).add("GlobalEntry", "a", "tenants", "/x", "1").add("GlobalEntry", "b", "tenants", "/x", "1").add("GlobalEntry", "", "y", "/x", "1"),
		(&env{name: "production", reference: true}).add("GlobalEntry", "", "tenants", "/x", "1").add("GlobalEntry", "a", "y", "/x", "1").add("GlobalEntry", "b", "z", "/x", "1"))
	if a := apart.aligned(t, "GlobalEntry", "tenants"); a.Sides[0] != nil && a.Sides[1] != nil {
		t.Error("one of two namespaces was taken")
	}
}
