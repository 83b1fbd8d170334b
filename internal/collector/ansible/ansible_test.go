package ansible

import (
	"encoding/json"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

func TestConformance(t *testing.T) {
	vault := "$ANSIBLE_VAULT;1.1;AES256\n6162636465\n"
	collectortest.Run(t, collectortest.Case{
		Name: "inventory", Collector: New(), Config: &Config{Inventory: []string{"inv"}},
		Files: map[string]string{
			"inv/hosts":                       "[web]\na.example.com api_token=%SECRET_WORD%\n[web:vars]\nx=1\n",
			"inv/more.yml":                    "all:\n  children:\n    db:\n      hosts: {b.example.com: {db_password: %SECRET_WORD%}}\n",
			"inv/group_vars/all.yml":          "url: https://u:%SECRET_URL%@example.com\nlocked: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
			"inv/host_vars/a.example.com.yml": "secret_key: '%SECRET_WORD%'\n",
		},
		Facts: []string{"/hosts", "/x", "/url", "/locked", "/api_token", "/db_password", "/secret_key", "/groups[=web]"},
		Broken: []collectortest.Broken{
			{Name: "a script", Files: map[string]string{"inv/script": "#!/bin/sh\necho %SECRET_WORD%"}, Keeps: true, Reason: "written by a program"},
			{Name: "a plugin", Files: map[string]string{"inv/aws.yml": "plugin: aws_ec2\nkey: %SECRET_WORD%"}, Keeps: true, Reason: "made by a plugin"},
			{Name: "an encrypted file", Files: map[string]string{"inv/group_vars/web/vault.yml": vault}, Keeps: true, Reason: "encrypted"},
			{Name: "a quote", Files: map[string]string{"inv/hosts": "a x=\"%SECRET_WORD%"}, Keeps: true, Reason: "quote"},
			{Name: "a wide range", Files: map[string]string{"inv/hosts": "a[1:99999999] x=%SECRET_WORD%"}, Keeps: true, Reason: "too many"},
			{Name: "a circle", Files: map[string]string{"inv/hosts": "[a:children]\nb\n[b:children]\na\n"}, Keeps: true, Reason: "below itself"},
			{Name: "variables", Files: map[string]string{"inv/group_vars/all.yml": "a: [%SECRET_WORD%"}, Keeps: true, Reason: "cannot be read"},
			{Name: "gone", Config: &Config{Inventory: []string{"absent"}}, Reason: "no such file"},
			{Name: "nothing said", Config: &Config{}, Reason: "no inventory"},
		},
	})
}

// hostVars merges the variables of each host as the facts would have it.
func hostVars(t *testing.T) map[string]map[string]any {
	t.Helper()
	root := place.Dir("testdata/a")
	t.Cleanup(func() { _ = root.Close() })
	p, err := root.Resolve(".")
	if err != nil {
		t.Fatal(err)
	}
	s := &session{in: collector.Input{Root: root, Log: slog.New(slog.DiscardHandler), Limits: collector.DefaultLimits()}, out: gaps{t}, inv: newInventory(), origins: map[string]*parity.Origin{}}
	s.file(t.Context(), at(p, filepath.ToSlash(filepath.Join(p.Path, "hosts"))))
	if err := s.inv.ungrouped(); err != nil {
		t.Fatal(err)
	}
	s.inv.settle()
	s.variables(t.Context(), p)
	out := map[string]map[string]any{}
	for name, h := range s.inv.hosts {
		own := newGroup("")
		for g, x := range s.inv.groups {
			if x.hosts[name] {
				own.parents[g] = true
			}
		}
		own.depth = maxDepth + 1
		vars := map[string]any{}
		for key, v := range s.inv.effective(own) {
			vars[key] = plain(v.value)
		}
		for _, of := range []map[string]variable{h.given, h.fromFile} {
			for key, v := range of {
				vars[key] = plain(v.value)
			}
		}
		out[name] = vars
	}
	return out
}

type gaps struct{ t *testing.T }

func (g gaps) Subject(parity.Subject, []parity.Fact) {}
func (g gaps) Gap(x parity.Gap)                      { g.t.Errorf("%+v", x) }
func (g gaps) Tool(string, string)                   {}

func plain(n *doc.Node) any {
	switch n.Kind {
	case doc.Map:
		m := map[string]any{}
		for i := range n.Fields {
			m[n.Fields[i].Key] = plain(n.Fields[i].Value)
		}
		return m
	case doc.List:
		l := []any{}
		for _, x := range n.Items {
			l = append(l, plain(x))
		}
		return l
	case doc.Bool:
		return n.Text == "true"
	case doc.Number:
		var f float64
		_ = json.Unmarshal([]byte(n.Text), &f)
		return f
	}
	return n.Text
}

// TestMergedVariables: a host has the variables that Ansible gives it.
func TestMergedVariables(t *testing.T) {
	got := hostVars(t)
	want := map[string]any{
		"everywhere": "all", "last": "web file", "region": "of eu", "over": "web", "prio": "web", "weight": 9.0,
		"list": []any{"a", "b"}, "map": map[string]any{"y": 2.0}, "template": "{{ everywhere }}-x",
	}
	if diff := cmp.Diff(want, got["web02.example.com"]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"everywhere": "all", "last": "all file", "region": "of all", "ansible_port": 2222.0, "text": "two words"}, got["plain.example.com"]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestMergedVariablesAreAnsibles compares with ansible-inventory, where it is.
func TestMergedVariablesAreAnsibles(t *testing.T) {
	bin, err := exec.LookPath("ansible-inventory")
	if err != nil {
		t.Skip("SKIPPED: ansible-inventory is not here")
	}
	cmd := exec.CommandContext(t.Context(), bin, "-i", "testdata/a/hosts", "--list")
	var list struct {
		Meta struct {
			Hostvars map[string]map[string]any `json:"hostvars"`
		} `json:"_meta"`
	}
	data, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list.Meta.Hostvars, hostVars(t)); diff != "" {
		t.Errorf("-Ansible +here\n%s", diff)
	}
}

// FuzzINI holds that no text makes reading an inventory fail other than by an
// error with a line.
func FuzzINI(f *testing.F) {
	for _, seed := range []string{"[a]\nb[1:3] c=d e=\"f g\"\n[a:vars]\nx=1\n[z:children]\na\n", "h:22\n# x\n;y", "[a:b:c]\n", "a[[1:2]]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		inv := newInventory()
		if err := inv.ini("f", text); err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%v", err)
		}
		if inv.ungrouped() == nil {
			inv.settle()
			for _, g := range inv.groups {
				inv.effective(g)
			}
		}
	})
}
