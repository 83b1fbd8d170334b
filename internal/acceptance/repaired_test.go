package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
)

// chosen finds an item of a list that its path chooses by a key, not by a number.
var chosen = regexp.MustCompile(`\[[^0-9\]]|\[\]`)

// settled returns which differences of a pair of trees its repairs make equal. The
// repairs are applied to a copy, which is compared again. Where a path names items
// by their keys, which other tools than this one must not need, the leaf's place
// and text decide.
func settled(t *testing.T, dir string, repairs []repair) func(d *parity.Difference) bool {
	t.Helper()
	for _, x := range repairs {
		if chosen.MatchString(x.Path) {
			return func(d *parity.Difference) bool {
				for _, x := range repairs {
					if x.reported([]parity.Difference{*d}) {
						return true
					}
				}
				return false
			}
		}
	}
	var side struct {
		Repaired string `json:"repaired"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err == nil {
		err = json.Unmarshal(b, &side)
	}
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"staging": filepath.Join(dir, "staging.yaml"), "production": filepath.Join(dir, "production.yaml")}
	other := map[string]string{"staging": "production", "production": "staging"}[side.Repaired]
	files[side.Repaired] = repairedCopy(t, files[side.Repaired], files[other], repairs)
	left := map[string]bool{}
	after := differences(result(t, t.TempDir(), "diff", files["staging"], files["production"]))
	for i := range after {
		left[fmt.Sprint(after[i].Subject.Key(), after[i].Path)] = true
	}
	return func(d *parity.Difference) bool { return !left[fmt.Sprint(d.Subject.Key(), d.Path)] }
}

// repairedCopy writes a tree with the leaves that the other tree has at the paths
// of repairs, and returns its file.
func repairedCopy(t *testing.T, file, other string, repairs []repair) string {
	t.Helper()
	docs, theirs := objectsOf(t, file), objectsOf(t, other)
	for _, x := range repairs {
		from := find(theirs, x)
		for i := range docs {
			if same(docs[i], x) {
				value, ok := at(from, steps(from, docs[i], x.Path))
				docs[i], _ = put(docs[i], steps(from, docs[i], x.Path), value, ok).(map[string]any)
			}
		}
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	for _, d := range docs {
		if err := e.Encode(d); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(to, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func objectsOf(t *testing.T, file string) []map[string]any {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var docs []map[string]any
	for d := yaml.NewDecoder(f); ; {
		var doc map[string]any
		if err := d.Decode(&doc); err == io.EOF {
			return docs
		} else if err != nil {
			t.Fatal(err)
		}
		if doc != nil {
			docs = append(docs, doc)
		}
	}
}

func same(doc map[string]any, x repair) bool {
	meta, _ := doc["metadata"].(map[string]any)
	name, _ := meta["name"].(string)
	return doc["kind"] == x.Kind && generated.ReplaceAllString(name, "") == generated.ReplaceAllString(x.Name, "")
}

func find(docs []map[string]any, x repair) map[string]any {
	for _, d := range docs {
		if same(d, x) {
			return d
		}
	}
	return nil
}

// steps takes a path apart into keys and numbers of items. A key may hold slashes:
// the longest one that either tree has counts.
func steps(a, b any, path string) []any {
	var out []any
	for path = strings.TrimPrefix(path, "/"); path != ""; path = strings.TrimPrefix(path, "/") {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			number, after, _ := strings.Cut(rest, "]")
			n, _ := strconv.Atoi(number)
			out, path = append(out, n), after
		} else {
			key := longestKey(a, path)
			if k := longestKey(b, path); len(k) > len(key) {
				key = k
			}
			if key == "" {
				key = path[:strings.IndexAny(path+"/", "/[")]
			}
			out, path = append(out, key), path[len(key):]
		}
		a, _ = at(a, out[len(out)-1:])
		b, _ = at(b, out[len(out)-1:])
	}
	return out
}

func longestKey(node any, path string) string {
	best := ""
	m, _ := node.(map[string]any)
	for key := range m {
		if rest, ok := strings.CutPrefix(path, key); ok && len(key) > len(best) && (rest == "" || rest[0] == '/' || rest[0] == '[') {
			best = key
		}
	}
	return best
}

// at is what stands in a tree below some steps.
func at(node any, steps []any) (any, bool) {
	for _, s := range steps {
		switch s := s.(type) {
		case string:
			m, _ := node.(map[string]any)
			next, ok := m[s]
			if !ok {
				return nil, false
			}
			node = next
		case int:
			l, _ := node.([]any)
			if s >= len(l) {
				return nil, false
			}
			node = l[s]
		}
	}
	return node, true
}

// put sets what stands in a tree below some steps, or takes it out with all that
// is empty then.
func put(node any, steps []any, value any, set bool) any {
	if len(steps) == 0 {
		return value
	}
	switch s := steps[0].(type) {
	case string:
		m, _ := node.(map[string]any)
		if m == nil {
			m = map[string]any{}
		}
		next := put(m[s], steps[1:], value, set)
		if m[s] = next; hollow(next) {
			delete(m, s)
		}
		return m
	default:
		l, _ := node.([]any)
		n := s.(int)
		for set && len(l) <= n {
			l = append(l, nil)
		}
		if n < len(l) {
			if l[n] = put(l[n], steps[1:], value, set); hollow(l[n]) {
				l = append(l[:n], l[n+1:]...)
			}
		}
		return l
	}
}

func hollow(node any) bool {
	switch n := node.(type) {
	case nil:
		return true
	case map[string]any:
		return len(n) == 0
	case []any:
		return len(n) == 0
	}
	return false
}
