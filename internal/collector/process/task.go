package process

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// readTask reads an ECS task definition, as it is registered or as it is
// described.
func readTask(f *file, data []byte) error {
	return doc.Parse(doc.JSON, bytes.NewReader(data), f.limits(), func(n *doc.Node, _ int) error {
		if inner := n.Get("taskDefinition"); inner != nil {
			n = inner
		}
		containers := n.Get("containerDefinitions")
		if containers == nil || containers.Kind != doc.List {
			return &doc.Error{Line: n.Line, What: "it has no containerDefinitions: it is no task definition of ECS"}
		}
		s := f.subject(taskKind, "task", max(int(n.Line), 1))
		for i := range n.Fields {
			x := &n.Fields[i]
			switch x.Key {
			case "containerDefinitions", "taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy",
				"requiresAttributes", "compatibilities", "deregisteredAt":
			default:
				s.node("/"+x.Key, x.Value)
			}
		}
		s.done()
		for i, c := range containers.Items {
			f.container(c, i)
		}
		return nil
	})
}

// container reads one container of a task definition.
func (f *file) container(n *doc.Node, index int) {
	name := n.Get("name").Str()
	if name == "" {
		name = "container-" + strconv.Itoa(index)
	}
	s := f.subject(containerKind, name, int(n.Line))
	for i := range n.Fields {
		x := &n.Fields[i]
		switch x.Key {
		case "name":
		case "image":
			s.image("/image", x.Value.Text, int(x.Value.Line))
		case "environment":
			for _, item := range x.Value.Items {
				if v := item.Get("value"); v != nil {
					s.variable(item.Get("name").Str(), v.Text, int(v.Line))
				}
			}
		case "secrets":
			for _, item := range x.Value.Items {
				if v := item.Get("valueFrom"); v != nil {
					at := "/environment[name=" + item.Get("name").Str() + "]/valueFrom"
					s.put(at, parity.Value{Kind: parity.Text, Raw: v.Text}, 0, int(v.Line))
				}
			}
		case "portMappings":
			s.ports(x.Value)
		case "cpu":
			s.node("/deploy/resources/limits/cpuUnits", x.Value)
		case "memory":
			s.size("/deploy/resources/limits/memory", x.Value)
		case "memoryReservation":
			s.size("/deploy/resources/reservations/memory", x.Value)
		default:
			s.node("/"+x.Key, x.Value)
		}
	}
	s.done()
}

// ports reads port mappings as one fact each.
func (s *subject) ports(list *doc.Node) {
	for _, item := range list.Items {
		protocol := item.Get("protocol").Str()
		if protocol == "" {
			protocol = "tcp"
		}
		target := item.Get("containerPort")
		if target == nil {
			continue
		}
		published := target.Text
		if host := item.Get("hostPort"); host != nil {
			published = host.Text
		}
		s.text("/ports[target="+target.Text+"/"+protocol+"]", published, int(item.Line))
	}
}

// size adds a number of MiB.
func (s *subject) size(at string, n *doc.Node) {
	raw := n.Text + "Mi"
	v := parity.Value{Kind: parity.Quantity, Raw: raw}
	rules := parity.RuleSet(0)
	if canon, ok := value.Quantity(raw); ok {
		v.Canon, rules = canon, parity.SetOf(parity.QuantityForm)
	}
	s.put(at, v, rules, int(n.Line))
}

// node adds the facts of any value.
func (s *subject) node(at string, n *doc.Node) {
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			s.node(at+"/"+n.Fields[i].Key, n.Fields[i].Value)
		}
	case doc.List:
		if plain(n) && strings.HasSuffix(strings.ToLower(at), "command") || strings.HasSuffix(at, "entryPoint") {
			var words []string
			for _, item := range n.Items {
				words = append(words, item.Text)
			}
			s.text(at, strings.Join(words, " "), int(n.Line))
			return
		}
		for i, item := range n.Items {
			if item.Kind != doc.Map && item.Kind != doc.List {
				s.member(at, item.Text, int(item.Line))
				continue
			}
			s.node(at+"["+itemName(item, i)+"]", item)
		}
	case doc.Null:
		s.put(at, parity.Value{Kind: parity.Null}, parity.SetOf(parity.EmptyIsAbsent), int(n.Line))
	default:
		s.text(at, n.Text, int(n.Line))
	}
}

func plain(n *doc.Node) bool {
	for _, item := range n.Items {
		if item.Kind == doc.Map || item.Kind == doc.List {
			return false
		}
	}
	return true
}

// itemName names an item of a list by the first of the fields that may.
func itemName(n *doc.Node, index int) string {
	for _, key := range []string{"name", "containerName", "containerPath", "sourceVolume"} {
		if text := n.Get(key).Str(); text != "" {
			return key + "=" + text
		}
	}
	return strconv.Itoa(index)
}

// readApp reads an app.json of Heroku.
func readApp(f *file, data []byte) error {
	return doc.Parse(doc.JSON, bytes.NewReader(data), f.limits(), func(n *doc.Node, _ int) error {
		s := f.subject(appKind, "app", 1)
		for i := range n.Fields {
			x := &n.Fields[i]
			switch x.Key {
			case "name", "description", "keywords", "website", "repository", "logo", "success_url":
			case "env":
				for j := range x.Value.Fields {
					s.appVariable(&x.Value.Fields[j])
				}
			default:
				s.node("/"+x.Key, x.Value)
			}
		}
		s.done()
		return nil
	})
}

// appVariable reads a variable: its value, or how it is asked for.
func (s *subject) appVariable(x *doc.Field) {
	v := x.Value
	if v.Kind != doc.Map {
		s.variable(x.Key, v.Text, int(v.Line))
		return
	}
	for _, key := range []string{"value", "generator", "required"} {
		if n := v.Get(key); n != nil && key == "value" {
			s.variable(x.Key, n.Text, int(n.Line))
		} else if n != nil {
			s.text("/environment[name="+x.Key+"]/"+key, n.Text, int(n.Line))
		}
	}
}
