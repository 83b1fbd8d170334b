package app

import (
	"context"
	"reflect"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/place"
)

// configured makes a source of parity.yaml ready to run. Where its path is a
// pattern it is one source for each match.
func (a *App) configured(column parity.Column, s config.Source, root place.Root) ([]collector.Configured, error) {
	parts, err := expand(s, root)
	if err != nil {
		return nil, at(s.Where, err)
	}
	out := make([]collector.Configured, 0, len(parts))
	for _, part := range parts {
		c, err := a.configure(column, part, root)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// expand gives the sources that one with a pattern as its path stands for: the
// match in place of the pattern, and what each * stands for in place of the *
// in the other keys. A match is left out where a file that another key names is
// not there: values of an environment that has no such release.
func expand(s config.Source, root place.Root) ([]config.Source, error) {
	pattern, ok := pathOf(s)
	if !ok || !glob.IsPattern(root, pattern) {
		return []config.Source{s}, nil
	}
	matches, err := glob.Places(context.Background(), root, pattern)
	if err != nil {
		return nil, err
	}
	var out []config.Source
	for _, m := range matches {
		if one, there := filled(s, m, root); there {
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: pattern, What: "the pattern fits, but the files that the source names beside it are nowhere there",
			Hint: "each * in another key stands for what the * of path stands for",
		}
	}
	return out, nil
}

// pathOf is the path that a source names.
func pathOf(s config.Source) (string, bool) {
	if s.Collector == "" {
		return s.Path, s.Path != ""
	}
	v, ok := pathField(s.Config)
	if !ok {
		return "", false
	}
	return v.String(), v.String() != ""
}

// pathField finds the path in a collector's config that may be a pattern: the
// field has the tag each. Other collectors read all that fits as one source.
func pathField(conf any) (reflect.Value, bool) {
	v := reflect.ValueOf(conf)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	v = v.Elem()
	for i := range v.NumField() {
		if _, each := v.Type().Field(i).Tag.Lookup("each"); each && v.Field(i).Kind() == reflect.String {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// filled is a source for one match. there is false where a file that it names
// is not.
func filled(s config.Source, m glob.Match, root place.Root) (one config.Source, there bool) {
	one = s
	one.Part = m.Path
	if s.Collector == "" {
		one.Path = m.Path
		return one, true
	}
	from := reflect.ValueOf(s.Config).Elem()
	to := reflect.New(from.Type())
	to.Elem().Set(from)
	one.Config = to.Interface()
	path, _ := pathField(one.Config)
	for i := range to.Elem().NumField() {
		f := to.Elem().Field(i)
		if !f.CanSet() || f == path {
			continue
		}
		switch {
		case f.Kind() == reflect.String:
			f.SetString(fill(f.String(), m.Stars))
		case f.Type() == reflect.TypeFor[[]string]():
			list := make([]string, f.Len())
			for j := range list {
				text := f.Index(j).String()
				list[j] = fill(text, m.Stars)
				if list[j] != text && !exists(root, list[j]) {
					return one, false
				}
			}
			if f.Len() > 0 {
				f.Set(reflect.ValueOf(list))
			}
		}
	}
	path.SetString(m.Path)
	return one, true
}

func exists(root place.Root, name string) bool {
	_, err := root.Resolve(name)
	return err == nil
}

// fill puts what each * stands for in its place. Those beyond the pattern's
// stay.
func fill(text string, stars []string) string {
	before, after, ok := strings.Cut(text, "*")
	if !ok || len(stars) == 0 {
		return text
	}
	return before + stars[0] + fill(after, stars[1:])
}
