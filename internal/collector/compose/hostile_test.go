package compose

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/render"
)

func TestMain(m *testing.M) {
	if render.IsWorker(os.Args) {
		render.Serve(os.Stdin, os.Stdout, Tasks())
	}
	os.Exit(m.Run())
}

// nested returns a default within a default, so deep.
func nested(deep int) string { return strings.Repeat("${A:-", deep) + strings.Repeat("}", deep) }

// TestHostileInterpolation holds that a source that is interpolated without end
// is one gap, and that the source beside it is read.
func TestHostileInterpolation(t *testing.T) {
	bounds := render.Limits{Time: time.Second, Memory: 256 << 20, Output: 8 << 20}
	for name, c := range map[string]struct{ text, reason string }{
		"100,000 deep":      {"services: {web: {image: \"" + nested(100_000) + "\"}}\n", "rendering took "},
		"4,000 deep":        {"services: {web: {image: \"" + nested(4_000) + "\"}}\n", "rendering took "},
		"deep in a name":    {"services: {web: {image: a, extends: {service: b, file: \"" + nested(100_000) + "\"}}}\n", "takes in a file that is not there"},
		"a value at length": {"services: {web: {image: \"" + strings.Repeat("${LONG}", 20_000) + "\"}}\n", "rendering "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{
				"hostile.yaml": c.text, "good.yaml": "services: {good: {image: a}}\n",
				"long.env": "LONG=" + strings.Repeat("x", 20_000) + "\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			pool := render.NewPool([]string{exe, render.Argument})
			root := place.Dir(dir)
			defer root.Close()
			snap, err := collector.Run(t.Context(), collector.RunInput{
				Column: parity.Column{Environment: "staging", Role: parity.Desired}, Root: root,
				Redactor: redact.New(make([]byte, 32), nil, nil), Renderer: pool, Limits: collector.Limits{Render: bounds},
				Sources: []collector.Configured{
					{Collector: New(), Config: &Config{Files: []string{"hostile.yaml"}, EnvFiles: []string{"long.env"}}, Name: "hostile"},
					{Collector: New(), Config: &Config{Files: []string{"good.yaml"}}, Name: "good"},
				},
			})
			pool.Close()
			if err != nil {
				t.Fatal(err)
			}
			if len(snap.Gaps) != 1 || snap.Gaps[0].Source != "hostile" || !strings.Contains(snap.Gaps[0].Reason, c.reason) || snap.Gaps[0].Hint == "" {
				t.Errorf("gaps %+v", snap.Gaps)
			}
			if !slices.ContainsFunc(snap.Subjects, func(s parity.SubjectFacts) bool { return s.Subject.Name == "good" }) {
				t.Error("the source beside it is not read")
			}
		})
	}
}
