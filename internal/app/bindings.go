package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/config"
)

// Bindings learns the bindings of a project's environments, whether or not
// parity.yaml has frozen some.
func (a *App) Bindings(ctx context.Context, req Request) (*parity.Result, error) {
	req.Learn = true
	return a.Check(ctx, req)
}

// WriteBindings freezes bindings into parity.yaml: it replaces the section
// "bindings" and leaves every other byte as it is. It tells how many it wrote.
func (a *App) WriteBindings(bindings []parity.Binding) (int, error) {
	path := a.configPath()
	text, err := a.readConfig()
	if err != nil {
		return 0, cannotRead(a.show(path), err)
	}
	frozen := freeze(bindings)
	section, err := bindingsSection(frozen)
	if err != nil {
		return 0, err
	}
	out, err := replaceSection(text, section)
	if err != nil {
		return 0, &parity.Error{Code: parity.CodeConfig, Where: a.show(path), What: "cannot be changed", Err: err}
	}
	if _, err := config.Load(a.show(path), out, a.sourceConfigs()); err != nil {
		return 0, fmt.Errorf("parity.yaml with the bindings in it would not load: %w", err)
	}
	if bytes.Equal(out, text) {
		return len(frozen), nil
	}
	return len(frozen), atomicfile.Replace(path, a.show(path), out, 0o644)
}

// freeze takes the bindings that were learned or frozen before; words for
// environments are known without, and declared ones stay where they are.
func freeze(bindings []parity.Binding) []config.Binding {
	var out []config.Binding
	for _, b := range bindings {
		if b.Origin != "learned" && b.Origin != "frozen" {
			continue
		}
		f := config.Binding{Role: b.Role, Spellings: map[string]config.Spellings{}}
		for _, s := range b.Spellings {
			f.Spellings[s.Column] = append(f.Spellings[s.Column], s.Text)
		}
		out = append(out, f)
	}
	return out
}

func bindingsSection(frozen []config.Binding) ([]byte, error) {
	if len(frozen) == 0 {
		return nil, nil
	}
	type entry struct {
		Role      string         `yaml:"role"`
		Spellings map[string]any `yaml:"spellings,flow"`
	}
	section := struct {
		Bindings []entry `yaml:"bindings"`
	}{}
	for _, f := range frozen {
		e := entry{f.Role, map[string]any{}}
		for column, texts := range f.Spellings {
			if e.Spellings[column] = []string(texts); len(texts) == 1 {
				e.Spellings[column] = texts[0]
			}
		}
		section.Bindings = append(section.Bindings, e)
	}
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := enc.Encode(section); err != nil {
		return nil, err
	}
	return buf.Bytes(), enc.Close()
}

// replaceSection replaces the lines of the key bindings, or appends them. The
// comment above the key and blank lines before the next one stay.
func replaceSection(text, section []byte) ([]byte, error) {
	root, err := topMap(text)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(text), "\n")
	begin, end := sectionLines(root.Content, lines, "bindings")
	if begin < 0 {
		return appendSection(text, section), nil
	}
	out := slices.Concat(lines[:begin], []string{string(section)}, lines[end:])
	return []byte(strings.Join(out, "")), nil
}

// sectionLines returns the half-open range of lines that a key and its value take,
// -1 where it is not there.
func sectionLines(pairs []*yaml.Node, lines []string, key string) (begin, end int) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i].Value != key {
			continue
		}
		begin, end = pairs[i].Line-1, len(lines)
		if i+2 < len(pairs) {
			end = pairs[i+2].Line - 1
		}
		for end > begin+1 && isOutside(lines[end-1]) {
			end--
		}
		return begin, end
	}
	return -1, -1
}

// isOutside tells a line that belongs to what follows a section: a blank one,
// or a comment at the margin.
func isOutside(line string) bool {
	return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#")
}

func appendSection(text, section []byte) []byte {
	if len(section) == 0 {
		return text
	}
	out := bytes.TrimRight(text, "\n")
	return slices.Concat(out, []byte("\n\n# Frozen by parity bindings --write; a gate that blocks learns nothing beside them.\n"), section)
}
