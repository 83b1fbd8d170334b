package terraformconfig

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/tfconfig"
)

// terragrunt hands over a unit of Terragrunt: its module where that is in the
// repository, else what it gives it.
func (m *model) terragrunt(files tfconfig.Files) {
	u := tfconfig.ReadUnit(files, m.unit.place.Path, tfconfig.Options{Workspace: m.cfg.Workspace})
	m.config = u.Config
	if u.Dir != "" {
		m.all()
	} else {
		m.problems()
		var facts []parity.Fact
		for i := range u.Inputs {
			facts = append(facts, m.facts("/"+u.Inputs[i].Name, u.Inputs[i].Value, common)...)
		}
		if len(facts) > 0 {
			m.subject(parity.Subject{Key: parity.Key{Kind: VariablesKind, Scope: m.scope(""), Name: "root"}, Format: Format}, u.Inputs[0].Pos, facts)
		}
	}
	if u.Module != "" {
		m.source(u)
	}
	if u.RemoteState.Node != nil {
		facts := m.facts("/remote_state", u.RemoteState, ofTable(SettingsKind))
		m.subject(parity.Subject{Key: parity.Key{Kind: SettingsKind, Scope: m.scope(""), Name: "terragrunt"}, Format: Format}, u.RemoteState.Pos, facts)
	}
}

// source hands over where a unit's module comes from.
func (m *model) source(u *tfconfig.Unit) {
	source, ref, _ := strings.Cut(u.Module, "?ref=")
	if u.Dir != "" {
		source, ref = m.unit.place.Display(u.Dir), ""
	}
	var facts []parity.Fact
	for _, f := range [...]struct{ path, text string }{{"/source", source}, {"/source/ref", ref}} {
		if f.text != "" {
			n := &doc.Node{Kind: doc.String, Text: f.text, Line: u.Pos.Line, Col: u.Pos.Col}
			facts = append(facts, m.facts(f.path, tfconfig.Value{Node: n, Pos: u.Pos}, ofTable(ModuleKind))...)
		}
	}
	m.subject(parity.Subject{Key: parity.Key{Kind: ModuleKind, Scope: m.scope(""), Name: "terragrunt"}, Format: Format}, u.Pos, facts)
}
