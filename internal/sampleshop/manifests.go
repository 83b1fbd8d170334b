package sampleshop

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// object is what of a Kubernetes object says how the service behaves.
type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Replicas int
		Template struct {
			Spec struct{ Containers []container }
		}
		PodSelector struct {
			MatchLabels map[string]string `yaml:"matchLabels"`
		} `yaml:"podSelector"`
		Egress []struct {
			To []struct {
				PodSelector struct {
					MatchLabels map[string]string `yaml:"matchLabels"`
				} `yaml:"podSelector"`
			}
			Ports []struct{ Port int }
		}
	}
}

type container struct {
	EnvFrom []struct {
		ConfigMapRef struct{ Name string } `yaml:"configMapRef"`
	} `yaml:"envFrom"`
	Env       []struct{ Name, Value string }
	Resources struct {
		Limits map[string]string
	}
}

// ReadSettings reads the settings of the shop from the files of one
// environment, as Write wrote them: from its Deployment and what that refers
// to, the network policies that select it, the flags, the store's schema and
// the list of what it is built of.
func ReadSettings(dir string) (Settings, error) {
	s := Settings{Environment: filepath.Base(dir), Peers: map[string]map[string]string{}, Flags: map[string]bool{}, Libraries: map[string]string{}}
	objects, err := readObjects(filepath.Join(dir, "manifests"))
	if err != nil {
		return s, err
	}
	shop, ok := objects["Deployment shop"]
	if !ok {
		return s, fmt.Errorf("%s: there is no Deployment shop", dir)
	}
	s.Env = shop.env(objects)
	s.Env["REPLICAS"] = strconv.Itoa(shop.Spec.Replicas)
	s.Env["CPU_LIMIT"] = shop.Spec.Template.Spec.Containers[0].Resources.Limits["cpu"]
	for peer := range ports {
		for _, kind := range []string{"Deployment ", "StatefulSet "} {
			if o, ok := objects[kind+peer]; ok {
				s.Peers[peer] = o.env(objects)
			}
		}
	}
	for _, o := range objects {
		if o.Kind == "NetworkPolicy" && o.Spec.PodSelector.MatchLabels["app"] == "shop" {
			// A policy without rules allows nothing.
			s.Egress = append(append([]Egress{}, s.Egress...), o.egress()...)
		}
	}
	return s, s.readFiles(dir)
}

// readFiles reads what is not a Kubernetes object.
func (s *Settings) readFiles(dir string) error {
	schema, err := os.ReadFile(filepath.Join(dir, "schema.yaml"))
	if err != nil {
		return err
	}
	s.Schema = string(schema)
	text, err := os.ReadFile(filepath.Join(dir, "flags.yaml"))
	if err != nil {
		return err
	}
	var flags struct {
		Flags map[string]struct{ Enabled bool }
	}
	if err := yaml.Unmarshal(text, &flags); err != nil {
		return err
	}
	for name, f := range flags.Flags {
		s.Flags[name] = f.Enabled
	}
	if text, err = os.ReadFile(filepath.Join(dir, "shop.cdx.json")); err != nil {
		return err
	}
	var bom struct {
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal(text, &bom); err != nil {
		return err
	}
	for _, c := range bom.Components {
		s.Libraries[c.Name] = c.Version
	}
	return nil
}

func readObjects(dir string) (map[string]object, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	objects := map[string]object{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		docs, err := documents(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, d := range docs {
			var o object
			switch kind, _, _ := strings.Cut(objectOf(d), " "); kind {
			case "Deployment", "StatefulSet", "ConfigMap", "NetworkPolicy":
				if err := d.Decode(&o); err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				objects[objectOf(d)] = o
			}
		}
	}
	return objects, nil
}

// env gives the variables of a workload's container.
func (o object) env(objects map[string]object) map[string]string {
	env := map[string]string{}
	for _, c := range o.Spec.Template.Spec.Containers {
		for _, from := range c.EnvFrom {
			for k, v := range objects["ConfigMap "+from.ConfigMapRef.Name].Data {
				env[k] = v
			}
		}
		for _, v := range c.Env {
			env[v.Name] = v.Value
		}
	}
	return env
}

// egress gives what a network policy allows.
func (o object) egress() (list []Egress) {
	for _, rule := range o.Spec.Egress {
		for _, to := range rule.To {
			for _, p := range rule.Ports {
				list = append(list, Egress{Peer: to.PodSelector.MatchLabels["app"], Port: p.Port})
			}
		}
	}
	return list
}
