package tfconfig

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/envparity/parity/internal/doc"
)

func sortFields(fields []doc.Field) {
	slices.SortStableFunc(fields, func(a, b doc.Field) int { return strings.Compare(a.Key, b.Key) })
}

// settings reads the terraform blocks, the configurations of providers and the
// lock file of the root module.
func (s *scope) settings(to *Module) {
	if s.address != "" {
		return
	}
	in := env{scope: s}
	for _, name := range s.mod.providerOrder {
		b := s.mod.providers[name]
		to.Providers = append(to.Providers, Named{name, Value{in.bodyTree(b, seen{}, 0, map[string]bool{"alias": true}), posOf(b.rng)}})
	}
	for _, t := range s.mod.terraform {
		for _, body := range t.bodies {
			s.terraformBlock(body, to)
		}
	}
	s.lock(to)
}

func (s *scope) terraformBlock(body hcl.Body, to *Module) {
	in := env{scope: s}
	content, _, _ := body.PartialContent(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "required_version"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "cloud"}, {Type: "backend", LabelNames: []string{"type"}}, {Type: "required_providers"}},
	})
	if a := content.Attributes["required_version"]; a != nil {
		to.Settings = append(to.Settings, Named{"required_version", Value{in.tree(a.Expr, seen{}, 0), posOf(a.Expr.Range())}})
	}
	for _, b := range content.Blocks {
		name := b.Type
		if len(b.Labels) > 0 {
			name += "/" + b.Labels[0]
		}
		n := in.bodyTree(&block{rng: b.DefRange, bodies: []hcl.Body{b.Body}}, seen{}, 0, nil)
		to.Settings = append(to.Settings, Named{name, Value{n, posOf(b.DefRange)}})
	}
}

// lock reads the versions of .terraform.lock.hcl.
func (s *scope) lock(to *Module) {
	name := path.Join(s.mod.dir, ".terraform.lock.hcl")
	f, err := s.run.files.FS.Open(name)
	if err != nil {
		return
	}
	f.Close()
	body, problem := s.run.parse(name)
	if problem != nil {
		s.run.problem(*problem)
		return
	}
	content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "provider", LabelNames: []string{"source"}}}})
	for _, b := range content.Blocks {
		a := attributesOf(b.Body)["version"]
		if a == nil {
			continue
		}
		source := b.Labels[0]
		for _, registry := range [...]string{"registry.terraform.io/", "registry.opentofu.org/"} {
			source = strings.TrimPrefix(source, registry)
		}
		to.Settings = append(to.Settings, Named{"locked/" + source, Value{s.run.newNode(doc.String, literal(a), posOf(a.Expr.Range())), posOf(a.Expr.Range())}})
	}
}

// providerOf is the source address of a block's provider, with its alias.
func (s *scope) providerOf(b *block, kind string) string {
	name, _, _ := strings.Cut(kind, "_")
	alias := ""
	if a := b.attribute("provider"); a != nil {
		name, alias, _ = strings.Cut(keywordOf(a.Expr), ".")
	}
	if name == "" {
		return ""
	}
	source := s.mod.sourceOf(name)
	if alias != "" {
		source += "." + alias
	}
	return source
}

// sourceOf is where a provider comes from, by its local name.
func (m *module) sourceOf(name string) string {
	if name == "terraform" {
		return "terraform.io/builtin/terraform"
	}
	for _, t := range m.terraform {
		for _, body := range t.bodies {
			content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "required_providers"}}})
			for _, b := range content.Blocks {
				a := attributesOf(b.Body)[name]
				if a == nil {
					continue
				}
				pairs, diags := hcl.ExprMap(a.Expr)
				if diags.HasErrors() {
					continue
				}
				for _, p := range pairs {
					if keywordOf(p.Key) == "source" || hcl.ExprAsKeyword(p.Key) == "source" {
						if source := literalText(p.Value); source != "" {
							return source
						}
					}
				}
			}
		}
	}
	return "hashicorp/" + name
}

// ReadVariables reads one file of values for variables.
func ReadVariables(f Files, name string) (values []Named, c *Config) {
	r := newRun(f)
	all, err := r.fileValues(name)
	if err != nil {
		return nil, r.out
	}
	for key, b := range all {
		values = append(values, Named{key, Value{r.boundNode(b), b.pos}})
	}
	slices.SortFunc(values, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	return values, r.out
}

// Calls lists the directories of the modules that a directory's files call in the
// same repository.
func Calls(fsys fs.FS, dir string) []string {
	r := newRun(Files{FS: fsys})
	m := r.load(dir)
	var out []string
	for _, name := range m.callOrder {
		source := literal(m.calls[name].attribute("source"))
		if strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") {
			out = append(out, path.Join(dir, source))
		}
	}
	return out
}
