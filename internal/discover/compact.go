package discover

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// compact makes one source of several that differ in one name of their path,
// so that many overlays or charts are one line. What the pattern stands for is
// exactly what it replaces.
func (inv *inventory) compact(all []Source) []Source {
	left := slices.Clone(all)
	var out []Source
	for {
		best := inv.widest(left)
		if best == nil {
			return append(out, left...)
		}
		out = append(out, best.source)
		left = slices.DeleteFunc(left, func(s Source) bool { return slices.Contains(best.paths, s.id()) })
	}
}

// id tells sources apart.
func (s Source) id() string {
	var b strings.Builder
	for _, k := range s.Keys {
		b.WriteString(k.Name + "\x00" + k.Text + "\x00" + strings.Join(k.List, "\x01") + "\x02")
		for _, name := range slices.Sorted(maps.Keys(k.Map)) {
			b.WriteString(name + "=" + k.Map[name] + "\x02")
		}
	}
	return s.Collector + "\x02" + b.String()
}

// bundle is a source with a pattern, and those that it stands for.
type bundle struct {
	source Source
	paths  []string // ids
	names  []string // what the * stands for in each
}

// widest finds the pattern that stands for most of the sources, and for nothing
// else.
func (inv *inventory) widest(all []Source) *bundle {
	bundles := map[string]*bundle{}
	var order []string
	for _, s := range all {
		if !patterned(s) {
			continue
		}
		segs := split(s.Keys[0].Text)
		for i := range segs {
			star := s.star(segs, i)
			id := star.id()
			if bundles[id] == nil {
				bundles[id] = &bundle{source: star}
				order = append(order, id)
			}
			bundles[id].paths = append(bundles[id].paths, s.id())
			bundles[id].names = append(bundles[id].names, segs[i])
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(len(bundles[b].paths), len(bundles[a].paths)) })
	for _, id := range order {
		b := bundles[id]
		if len(b.paths) < 2 {
			break
		}
		if inv.exact(b) {
			return b
		}
		if len(b.source.Keys) == 1 {
			slices.Sort(b.names)
			b.source.Keys = slices.Clone(b.source.Keys)
			b.source.Keys[0].Text = strings.Replace(b.source.Keys[0].Text, "*", "{"+strings.Join(b.names, ",")+"}", 1)
			return b
		}
	}
	return nil
}

// patterned reports whether a source's collector takes a pattern for its path.
func patterned(s Source) bool {
	return len(s.Keys) > 0 && s.Keys[0].Name == "path" &&
		(s.Collector == "kubernetes-manifests" || s.Collector == "terraform-config" && len(s.Keys) == 1)
}

// star is the source with a * in place of one name of its path, and of the
// same name in its other keys.
func (s Source) star(segs []string, i int) Source {
	name := segs[i]
	segs = slices.Clone(segs)
	segs[i] = "*"
	out := Source{Collector: s.Collector, Keys: slices.Clone(s.Keys)}
	out.Keys[0].Text = path.Join(segs...)
	for k := 1; k < len(out.Keys); k++ {
		list := slices.Clone(out.Keys[k].List)
		for j, text := range list {
			list[j] = starred(text, name)
		}
		out.Keys[k].List = list
	}
	return out
}

// starred puts a * in place of the first name of a path that is the given one.
func starred(text, name string) string {
	segs := split(text)
	for i, s := range segs {
		if s == name {
			segs[i] = "*"
			return path.Join(segs...)
		}
	}
	return text
}

// exact reports whether a pattern stands for nothing besides the sources that
// it replaces.
func (inv *inventory) exact(b *bundle) bool {
	pattern := b.source.Keys[0].Text
	before, after, _ := strings.Cut(pattern, "*")
	if strings.ContainsAny(before+after, "*?[{") {
		return false
	}
	entries, err := fs.ReadDir(inv.fsys, path.Clean(cmp.Or(before, ".")))
	if err != nil {
		return false
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || slices.Contains(b.names, name) {
			continue
		}
		if _, err := fs.Stat(inv.fsys, before+name+after); err != nil {
			continue
		}
		if inv.filesOf(b, name) {
			return false
		}
	}
	return true
}

// filesOf reports whether the files that the other keys name are there for a
// name.
func (inv *inventory) filesOf(b *bundle, name string) bool {
	for _, k := range b.source.Keys[1:] {
		for _, text := range k.List {
			if strings.Contains(text, "*") {
				if _, err := fs.Stat(inv.fsys, strings.Replace(text, "*", name, 1)); err != nil {
					return false
				}
			}
		}
	}
	return true
}
