package ansible

import (
	"errors"

	"github.com/envparity/parity/internal/doc"
)

// tree reads an inventory in YAML or JSON: groups with hosts, vars and children.
func (inv *inventory) tree(file string, root *doc.Node) error {
	if root.Kind != doc.Map {
		return &doc.Error{Line: root.Line, Col: root.Col, What: "it holds no groups"}
	}
	if root.Get("plugin") != nil {
		return errPlugin
	}
	for i := range root.Fields {
		if err := inv.treeGroup(file, &root.Fields[i], 0); err != nil {
			var at *doc.Error
			if errors.As(err, &at) {
				return err
			}
			return &doc.Error{Line: root.Fields[i].Line, Col: root.Fields[i].Col, What: err.Error()}
		}
	}
	return nil
}

var errPlugin = errors.New("the inventory is made by a plugin when Ansible runs")

func (inv *inventory) treeGroup(file string, f *doc.Field, depth int) error {
	at := position{file, f.Line, f.Col}
	if depth > maxDepth {
		return errors.New("groups are nested too deeply")
	}
	g, err := inv.group(f.Key, at)
	if err != nil || f.Value.Kind == doc.Null {
		return err
	}
	if f.Value.Kind != doc.Map {
		return &doc.Error{Line: f.Line, Col: f.Col, What: "a group is no map"}
	}
	for name, v := range variablesOf(file, f.Value.Get("vars")) {
		g.given[name] = v
	}
	if hosts := f.Value.Get("hosts"); hosts != nil && hosts.Kind != doc.Null {
		if err := inv.treeHosts(file, g, hosts); err != nil {
			return err
		}
	}
	kids := f.Value.Get("children")
	if kids == nil || kids.Kind == doc.Null {
		return nil
	}
	if kids.Kind != doc.Map {
		return &doc.Error{Line: kids.Line, Col: kids.Col, What: "the children are no map"}
	}
	for i := range kids.Fields {
		k := &kids.Fields[i]
		if err := inv.child(f.Key, k.Key, position{file, k.Line, k.Col}); err != nil {
			return &doc.Error{Line: k.Line, Col: k.Col, What: err.Error()}
		}
		if err := inv.treeGroup(file, k, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (inv *inventory) treeHosts(file string, g *group, hosts *doc.Node) error {
	if hosts.Kind != doc.Map {
		return &doc.Error{Line: hosts.Line, Col: hosts.Col, What: "the hosts are no map"}
	}
	for i := range hosts.Fields {
		f := &hosts.Fields[i]
		names, err := expand(withoutPort(f.Key))
		if err != nil {
			return &doc.Error{Line: f.Line, Col: f.Col, What: err.Error()}
		}
		for _, name := range names {
			h, err := inv.host(g, name, position{file, f.Line, f.Col})
			if err != nil {
				return err
			}
			for key, v := range variablesOf(file, f.Value) {
				h.given[key] = v
			}
		}
	}
	return nil
}

// variablesOf reads a map of variables.
func variablesOf(file string, n *doc.Node) map[string]variable {
	out := map[string]variable{}
	if n == nil || n.Kind != doc.Map {
		return out
	}
	for i := range n.Fields {
		out[n.Fields[i].Key] = variable{file, n.Fields[i].Value}
	}
	return out
}
